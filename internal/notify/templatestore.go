package notify

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Edition is a template as it holds now.
type Edition struct {
	*Template
	Own       bool // the words are the province's own
	Revision  int  // 0 for what was never changed
	ChangedAt *time.Time
}

// templateRow is what an administrator says instead of the original; without
// words they went back to it.
type templateRow struct {
	bun.BaseModel `bun:"table:notice_templates,alias:nt"`

	Kind                 Kind `bun:",pk"`
	Subject, Body, Short *string
	Revision             int
	ChangedBy            *uuid.UUID `bun:",type:uuid"`
	ChangedAt            time.Time
}

// Editions are all templates as they hold now.
func (s *Store) Editions(ctx context.Context) (map[Kind]*Edition, error) {
	var rows []*templateRow
	if err := s.db.NewSelect().Model(&rows).Scan(ctx); err != nil {
		return nil, postgres.Wrap(err, "templates of notices")
	}
	all := map[Kind]*Edition{}
	for kind, original := range Originals {
		all[kind] = &Edition{Template: original}
	}
	for _, row := range rows {
		if edition := all[row.Kind]; edition != nil { // an earlier program may have known more kinds
			all[row.Kind] = row.edition(edition.Template)
		}
	}
	return all, nil
}

func (r *templateRow) edition(original *Template) *Edition {
	e := &Edition{Template: original, Revision: r.Revision, ChangedAt: &r.ChangedAt}
	if r.Subject != nil {
		own := *original
		own.Words, e.Template, e.Own = Words{Subject: *r.Subject, Text: *r.Body, Short: *r.Short}, &own, true
	}
	return e
}

// Edition is one template as it holds now; a fault.NotFound when there is none.
func (s *Service) Edition(ctx context.Context, kind Kind) (*Edition, error) {
	all, err := NewStore(s.db).Editions(ctx)
	if err == nil && all[kind] == nil {
		return nil, fault.New(fault.NotFound, "template of a notice")
	}
	return all[kind], err
}

// SaveWords has a kind of notice say something else from now on. What is wrong
// with the words is given by field. Somebody else's change since the revision
// is a fault.Conflict.
func (s *Service) SaveWords(ctx context.Context, by audit.By, kind Kind, revision int, w Words) (map[string]Wrong, error) {
	original := Originals[kind]
	if original == nil {
		return nil, fault.New(fault.NotFound, "template of a notice")
	}
	w, wrong := original.Check(w)
	if len(wrong) > 0 {
		return wrong, nil
	}
	return nil, s.changeTemplate(ctx, by, revision, &templateRow{Kind: kind, Subject: &w.Subject, Body: &w.Text, Short: &w.Short}, audit.TemplateChange)
}

// ResetWords has a kind of notice say what it said originally. Somebody else's
// change since the revision is a fault.Conflict.
func (s *Service) ResetWords(ctx context.Context, by audit.By, kind Kind, revision int) error {
	if Originals[kind] == nil {
		return fault.New(fault.NotFound, "template of a notice")
	}
	return s.changeTemplate(ctx, by, revision, &templateRow{Kind: kind}, audit.TemplateReset)
}

func (s *Service) changeTemplate(ctx context.Context, by audit.By, revision int, row *templateRow, action audit.Action) error {
	row.Revision, row.ChangedBy, row.ChangedAt = revision+1, by.ActorID, s.now()
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		changed, err := NewStore(tx).writeTemplate(ctx, row, revision)
		if err != nil {
			return err
		}
		if !changed {
			return fault.New(fault.Conflict, "the template was changed by somebody else")
		}
		return audit.NewStore(tx).Add(ctx, by, row.ChangedAt, &audit.Entry{Action: action, Changes: []audit.Change{{Field: "template", After: string(row.Kind)}}})
	})
}

func (s *Store) writeTemplate(ctx context.Context, row *templateRow, revision int) (bool, error) {
	query := s.db.NewInsert().Model(row).On("CONFLICT (kind) DO NOTHING")
	if revision > 0 {
		query = s.db.NewInsert().Model(row).On("CONFLICT (kind) DO UPDATE").Where("nt.revision = ?", revision).
			Set("subject = EXCLUDED.subject, body = EXCLUDED.body, short = EXCLUDED.short, revision = EXCLUDED.revision, changed_by = EXCLUDED.changed_by, changed_at = EXCLUDED.changed_at")
	}
	result, err := query.Returning("NULL").Exec(ctx)
	if err != nil {
		return false, postgres.Wrap(err, "change template")
	}
	n, err := result.RowsAffected()
	return n == 1, err
}
