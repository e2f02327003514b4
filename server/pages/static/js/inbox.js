import { keepTimes } from "./times.js";

keepTimes();
