"""policies."""

import sqlalchemy as sa
from alembic import op

revision = '2026_11_22_0949'
down_revision = '2026_11_22_0948'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('policies',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('newest', sa.Integer(), nullable=False),
    sa.Column('changed_here', sa.Boolean(), nullable=False),
    sa.Column('file', sa.String(), nullable=True),
    sa.Column('file_digest', sa.String(), nullable=True),
    sa.Column('file_differs', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policies'))
    )
    op.create_table('policy_brands',
    sa.Column('document', sa.String(), nullable=False),
    sa.Column('brand', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['policies.id'], name=op.f('fk_policy_brands_document_policies'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document', 'brand', name=op.f('pk_policy_brands'))
    )
    with op.batch_alter_table('policy_brands', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_policy_brands_brand'), ['brand'], unique=False)

    op.create_table('policy_versions',
    sa.Column('document', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('file', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('front', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('category', sa.String(), nullable=True),
    sa.Column('audience', sa.String(), nullable=False),
    sa.Column('begins', sa.Date(), nullable=True),
    sa.Column('ends', sa.Date(), nullable=True),
    sa.Column('replaced_by', sa.Integer(), nullable=True),
    sa.Column('staff', sa.String(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['policies.id'], name=op.f('fk_policy_versions_document_policies'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document', 'number', name=op.f('pk_policy_versions'))
    )
    with op.batch_alter_table('policy_versions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_policy_versions_category_audience'), ['category', 'audience'], unique=False)

    state = op.create_table('policy_state',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('indexed', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_state'))
    )
    # the row that every change locks
    op.bulk_insert(state, [{'id': 1, 'revision': 0, 'indexed': 0, 'changed_at': None}])
    op.create_table('missing_policies',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('brand', sa.String(), nullable=False),
    sa.Column('case', sa.String(), nullable=True),
    sa.Column('conversation', sa.String(), nullable=True),
    sa.Column('draft', sa.String(), nullable=True),
    sa.Column('turn', sa.String(), nullable=True),
    sa.Column('intent', sa.String(), nullable=True),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('vector', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('document', sa.String(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case'], ['cases.id'], name=op.f('fk_missing_policies_case_cases'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['conversation'], ['conversations.id'], name=op.f('fk_missing_policies_conversation_conversations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['document'], ['policies.id'], name=op.f('fk_missing_policies_document_policies')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_missing_policies'))
    )
    with op.batch_alter_table('missing_policies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_missing_policies_brand_at'), ['brand', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_missing_policies_case'), ['case'], unique=False)
        batch_op.create_index(batch_op.f('ix_missing_policies_conversation'), ['conversation'], unique=False)
        batch_op.create_index(batch_op.f('ix_missing_policies_document'), ['document'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('missing_policies', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_missing_policies_document'))
        batch_op.drop_index(batch_op.f('ix_missing_policies_conversation'))
        batch_op.drop_index(batch_op.f('ix_missing_policies_case'))
        batch_op.drop_index(batch_op.f('ix_missing_policies_brand_at'))

    op.drop_table('missing_policies')
    op.drop_table('policy_state')
    with op.batch_alter_table('policy_versions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_policy_versions_category_audience'))

    op.drop_table('policy_versions')
    with op.batch_alter_table('policy_brands', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_policy_brands_brand'))

    op.drop_table('policy_brands')
    op.drop_table('policies')
