"""The installation's own: the index, colleagues and how they sign in, the audit, who was erased."""

from server.privacy.holdings import Table, nobodys

INSTALLATION: dict[str, Table] = {
    "index_generation": nobodys(kept="id generation name digest made_at"),
    "lanes": nobodys(kept="lane blocked_until paced_until"),
    "staff": nobodys(
        kept="role languages time_zone created_at disabled_at", staff="id email name initials password_hash"
    ),
    "saved_views": nobodys(kept="id brand created_at updated_at", staff="staff", ours="name filters"),
    "staff_brands": nobodys(kept="brand", staff="staff"),
    "sessions": nobodys(kept="id_hash csrf created_at used_at expires_at", staff="staff"),
    "tokens": nobodys(
        kept="id kind name secret_hash scopes brands origin created_at expires_at used_at revoked_at", staff="staff"
    ),
    "failed_sign_ins": nobodys(kept="id at", staff="who"),
    "audit_rows": nobodys(kept="number event at brand kind subject facts before seal", staff="caller token"),
    "audit_cuts": nobodys(kept="number last_seal at seal"),
    "erasures": nobodys(kept="id brand pseudonym reason erased_at report scrubbed_at", staff="erased_by"),
    "erased": nobodys(kept="digest erasure"),
}
