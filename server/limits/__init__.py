"""What roles may approve alone and what customers may be given: amounts that people change, brand by brand."""
