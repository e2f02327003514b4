"""insights."""

import sqlalchemy as sa
from alembic import op

revision = '2026_11_22_0950'
down_revision = '2026_11_22_0949'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'draft_facts',
        sa.Column('draft', sa.String(), nullable=False),
        sa.Column('brand', sa.String(), nullable=False),
        sa.Column('account', sa.String(), nullable=False),
        sa.Column('case', sa.String(), nullable=False),
        sa.Column('post', sa.String(), nullable=False),
        sa.Column('posted_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('written_by', sa.String(), nullable=True),
        sa.Column('outcome', sa.String(), nullable=False),
        sa.Column('intent', sa.String(), nullable=True),
        sa.Column('customer', sa.String(), nullable=True),
        sa.Column('reason', sa.String(), nullable=True),
        sa.Column('danger', sa.String(), nullable=True),
        sa.Column('proposed', sa.Boolean(), nullable=False),
        sa.Column('tokens', sa.Integer(), nullable=False),
        sa.Column('cost', sa.Float(), nullable=False),
        sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('shown_to', sa.String(), nullable=True),
        sa.Column('used', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['account'], ['accounts.id'], name=op.f('fk_draft_facts_account_accounts')),
        sa.ForeignKeyConstraint(['case'], ['cases.id'], name=op.f('fk_draft_facts_case_cases'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['draft'], ['drafts.id'], name=op.f('fk_draft_facts_draft_drafts'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['post'], ['posts.id'], name=op.f('fk_draft_facts_post_posts'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('draft', name=op.f('pk_draft_facts')),
    )
    op.create_index(op.f('ix_draft_facts_brand_posted_at'), 'draft_facts', ['brand', 'posted_at'])
    op.create_index(op.f('ix_draft_facts_brand_written_at'), 'draft_facts', ['brand', 'written_at'])
    op.create_index(op.f('ix_draft_facts_case'), 'draft_facts', ['case'])
    op.create_index(op.f('ix_draft_facts_customer'), 'draft_facts', ['customer'])
    op.create_index(op.f('ix_draft_facts_post'), 'draft_facts', ['post'])
    op.create_table(
        'answers',
        sa.Column('publication', sa.String(), nullable=False),
        sa.Column('brand', sa.String(), nullable=False),
        sa.Column('account', sa.String(), nullable=False),
        sa.Column('case', sa.String(), nullable=False),
        sa.Column('draft', sa.String(), nullable=False),
        sa.Column('post', sa.String(), nullable=False),
        sa.Column('part', sa.String(), nullable=False),
        sa.Column('posted_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('holding', sa.Boolean(), nullable=False),
        sa.Column('incident', sa.String(), nullable=True),
        sa.Column('corrects', sa.String(), nullable=True),
        sa.Column('asked_in_private', sa.Boolean(), nullable=False),
        sa.Column('points_to', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('repeats', sa.Boolean(), nullable=False),
        sa.Column('staff', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['account'], ['accounts.id'], name=op.f('fk_answers_account_accounts')),
        sa.ForeignKeyConstraint(['case'], ['cases.id'], name=op.f('fk_answers_case_cases'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['draft'], ['drafts.id'], name=op.f('fk_answers_draft_drafts'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['post'], ['posts.id'], name=op.f('fk_answers_post_posts'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(
            ['publication'], ['publications.id'], name=op.f('fk_answers_publication_publications'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('publication', name=op.f('pk_answers')),
    )
    op.create_index(op.f('ix_answers_brand_posted_at'), 'answers', ['brand', 'posted_at'])
    op.create_index(op.f('ix_answers_brand_sent_at'), 'answers', ['brand', 'sent_at'])
    op.create_index(op.f('ix_answers_case'), 'answers', ['case'])
    op.create_index(op.f('ix_answers_draft'), 'answers', ['draft'])
    op.create_index(op.f('ix_answers_post'), 'answers', ['post'])
    op.create_table(
        'samples',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('brand', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('week', sa.Date(), nullable=False),
        sa.Column('seed', sa.String(), nullable=False),
        sa.Column('candidates', sa.Integer(), nullable=False),
        sa.Column('drawn_by', sa.String(), nullable=True),
        sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_samples')),
        sa.UniqueConstraint('brand', 'kind', 'week', name=op.f('uq_samples_brand_kind_week')),
    )
    op.create_table(
        'sample_items',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('sample', sa.String(), nullable=False),
        sa.Column('brand', sa.String(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(), nullable=False),
        sa.Column('case', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['case'], ['cases.id'], name=op.f('fk_sample_items_case_cases'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['sample'], ['samples.id'], name=op.f('fk_sample_items_sample_samples')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sample_items')),
        sa.UniqueConstraint('sample', 'position', name=op.f('uq_sample_items_sample_position')),
    )
    op.create_index(op.f('ix_sample_items_case'), 'sample_items', ['case'])
    op.create_index(op.f('ix_sample_items_subject'), 'sample_items', ['subject'])
    op.create_table(
        'ratings',
        sa.Column('item', sa.String(), nullable=False),
        sa.Column('rater', sa.String(), nullable=False),
        sa.Column('brand', sa.String(), nullable=False),
        sa.Column('found', sa.Boolean(), nullable=False),
        sa.Column('kinds', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['item'], ['sample_items.id'], name=op.f('fk_ratings_item_sample_items'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('item', 'rater', name=op.f('pk_ratings')),
    )
    # the month's posts and promises without reading every one there ever was
    op.create_index(op.f('ix_posts_brand_sent_at'), 'posts', ['brand', 'sent_at'])
    op.create_index(op.f('ix_approvals_draft'), 'approvals', ['draft'])
    op.create_index(op.f('ix_promises_brand_first_due'), 'promises', ['brand', 'first_due'])
    op.create_index(op.f('ix_turns_brand_started_at'), 'turns', ['brand', 'started_at'])
    _look_back()


def _look_back() -> None:
    """What is known of drafts and texts of before. Whether one was shown is not, nor what of it was changed."""
    sqlite = op.get_bind().dialect.name == 'sqlite'

    def told(*path: str) -> str:
        if sqlite:
            return f"json_extract(drafts.record, '$.{'.'.join(path)}')"
        return f"drafts.record #>> '{{{','.join(path)}}}'"

    number = 'REAL' if sqlite else 'DOUBLE PRECISION'
    op.execute(
        'INSERT INTO draft_facts (draft, brand, account, "case", post, posted_at, written_at, written_by, outcome,'
        ' intent, customer, reason, danger, proposed, tokens, cost)'
        ' SELECT drafts.id, drafts.brand, drafts.account, drafts."case", posts.id, posts.sent_at, drafts.created_at,'
        f' drafts.written_by, drafts.outcome, {told("intent")}, {told("customer", "id")}, drafts.reason_code,'
        ' drafts.danger, drafts.public_text IS NOT NULL OR drafts.private_text IS NOT NULL,'
        f' COALESCE(CAST({told("tokens", "prompt")} AS INTEGER), 0)'
        f' + COALESCE(CAST({told("tokens", "completion")} AS INTEGER), 0),'
        f' COALESCE(CAST({told("cost")} AS {number}), 0)'
        ' FROM drafts JOIN posts ON posts.id = drafts.target_post'
        ' WHERE drafts.outcome IS NOT NULL AND drafts.record IS NOT NULL AND drafts.corrects IS NULL'
    )
    nothing = "'[]'" if sqlite else "CAST('[]' AS JSON)"
    holding = "drafts.outcome = 'hand_over' AND drafts.danger IS NOT NULL AND drafts.edited_by IS NULL"
    op.execute(
        'INSERT INTO answers (publication, brand, account, "case", draft, post, part, posted_at, sent_at, holding,'
        ' incident, corrects, asked_in_private, points_to, repeats)'
        ' SELECT publications.id, publications.brand, publications.account, publications."case", drafts.id, posts.id,'
        f' publications.part, posts.sent_at, publications.sent_at, {holding},'
        f" CASE WHEN {told('incident_text')} IS NOT NULL THEN {told('incident')} END, publications.corrects,"
        f" posts.private_to IS NOT NULL, {nothing}, {'0' if sqlite else 'FALSE'}"
        ' FROM publications JOIN drafts ON drafts.id = publications.draft JOIN posts ON posts.id = drafts.target_post'
        ' WHERE publications.sent_at IS NOT NULL'
    )


def downgrade() -> None:
    op.drop_index(op.f('ix_turns_brand_started_at'), table_name='turns')
    op.drop_index(op.f('ix_approvals_draft'), table_name='approvals')
    op.drop_index(op.f('ix_promises_brand_first_due'), table_name='promises')
    op.drop_index(op.f('ix_posts_brand_sent_at'), table_name='posts')
    for table in ('ratings', 'sample_items', 'samples', 'answers', 'draft_facts'):
        op.drop_table(table)
