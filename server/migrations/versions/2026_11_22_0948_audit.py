"""audit."""

import sqlalchemy as sa
from alembic import op

revision = '2026_11_22_0948'
down_revision = '2026_11_22_0947'
branch_labels = None
depends_on = None

# a row of the chain is never changed, and goes only once the cut behind it stands (server/audit/cutting.py)
_REFUSED = 'audit rows are never changed, and go with a cut alone'
_SQLITE = (
    f"CREATE TRIGGER audit_rows_stay_as_they_are BEFORE UPDATE ON audit_rows BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    'CREATE TRIGGER audit_rows_go_with_a_cut BEFORE DELETE ON audit_rows'
    ' WHEN NOT EXISTS (SELECT 1 FROM audit_cuts WHERE audit_cuts.number >= OLD.number)'
    f" BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
)
_POSTGRES = (
    'CREATE FUNCTION audit_rows_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
    " IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM audit_cuts WHERE audit_cuts.number >= OLD.number)"
    f" THEN RETURN OLD; END IF; RAISE EXCEPTION '{_REFUSED}'; END $$",
    'CREATE TRIGGER audit_rows_stay BEFORE UPDATE OR DELETE ON audit_rows'
    ' FOR EACH ROW EXECUTE FUNCTION audit_rows_stay()',
)


def upgrade() -> None:
    op.create_table(
        'audit_rows',
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('event', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('brand', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('subject', sa.String(), nullable=False),
        sa.Column('caller', sa.String(), nullable=True),
        sa.Column('token', sa.String(), nullable=True),
        sa.Column('facts', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('before', sa.String(), nullable=False),
        sa.Column('seal', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('number', name=op.f('pk_audit_rows')),
    )
    op.create_index(op.f('ix_audit_rows_brand_number'), 'audit_rows', ['brand', 'number'], unique=False)
    op.create_index(op.f('ix_audit_rows_subject_number'), 'audit_rows', ['subject', 'number'], unique=False)
    op.create_index(op.f('ix_audit_rows_at'), 'audit_rows', ['at'], unique=False)
    op.create_table(
        'audit_cuts',
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('last_seal', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('seal', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('number', name=op.f('pk_audit_cuts')),
    )
    op.create_table(
        'erasures',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('brand', sa.String(), nullable=False),
        sa.Column('pseudonym', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('erased_by', sa.String(), nullable=False),
        sa.Column('erased_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('report', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('scrubbed_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_erasures')),
    )
    op.create_index(op.f('ix_erasures_brand'), 'erasures', ['brand'], unique=False)
    op.create_table(
        'erased',
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('erasure', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['erasure'], ['erasures.id'], name=op.f('fk_erased_erasure_erasures')),
        sa.PrimaryKeyConstraint('digest', name=op.f('pk_erased')),
    )
    op.create_index(op.f('ix_erased_erasure'), 'erased', ['erasure'], unique=False)
    op.add_column('events', sa.Column('caller', sa.String(), nullable=True))
    op.add_column('events', sa.Column('token', sa.String(), nullable=True))
    op.add_column('cases', sa.Column('emptied_at', sa.DateTime(timezone=True), nullable=True))
    for statement in _SQLITE if op.get_bind().dialect.name == 'sqlite' else _POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table('erased')
    op.drop_table('erasures')
    op.drop_table('audit_cuts')
    op.drop_table('audit_rows')
    if op.get_bind().dialect.name != 'sqlite':
        op.execute('DROP FUNCTION audit_rows_stay()')
    op.drop_column('cases', 'emptied_at')
    op.drop_column('events', 'token')
    op.drop_column('events', 'caller')
