package certificate

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// PDF makes the file of one record; site is the address under which people
// reach us. Of a record that does not count any more it is a fault.Conflict.
func (s *Service) PDF(ctx context.Context, r *Record, site string) ([]byte, error) {
	if !r.live() || r.ErasedAt != nil {
		return nil, fault.New(fault.Conflict, "paper of a record that does not count any more")
	}
	sheets, err := NewStore(s.db).sheets(ctx, []*Record{r}, site)
	if err != nil {
		return nil, err
	}
	return sheets[0].PDF()
}

// Link is where a record is checked.
func Link(site, code string) string { return strings.TrimRight(site, "/") + "/v/" + code }

// edition names a template as a record was issued with it.
type edition struct {
	province uuid.UUID
	revision int
}

// sheets gives records the templates that they were issued with.
func (s *Store) sheets(ctx context.Context, records []*Record, site string) ([]*Sheet, error) {
	templates, err := s.templatesOf(ctx, records)
	if err != nil {
		return nil, err
	}
	logos, err := s.logosOf(ctx, templates)
	if err != nil {
		return nil, err
	}
	sheets := make([]*Sheet, len(records))
	for i, r := range records {
		sheets[i] = &Sheet{Record: r, Design: templates[edition{r.ProvinceID, r.Template}].Design, Link: Link(site, r.Code)}
		if logo := sheets[i].Design.LogoID; logo != nil {
			sheets[i].Logo = logos[*logo]
		}
	}
	return sheets, nil
}

func (s *Store) templatesOf(ctx context.Context, records []*Record) (map[edition]*Template, error) {
	provinces := map[uuid.UUID]bool{}
	var ids []uuid.UUID
	for _, r := range records {
		if !provinces[r.ProvinceID] {
			provinces[r.ProvinceID] = true
			ids = append(ids, r.ProvinceID)
		}
	}
	var rows []*Template // of a province there are a handful
	err := s.db.NewSelect().Model(&rows).Where("ct.unit_id IN (?)", bun.List(ids)).Scan(ctx)
	found := make(map[edition]*Template, len(rows))
	for _, row := range rows {
		found[edition{row.UnitID, row.Revision}] = row
	}
	return found, postgres.Wrap(err, "templates of records")
}

func (s *Store) logosOf(ctx context.Context, templates map[edition]*Template) (map[uuid.UUID][]byte, error) {
	var ids []uuid.UUID
	for _, t := range templates {
		if t.Design.LogoID != nil {
			ids = append(ids, *t.Design.LogoID)
		}
	}
	found := map[uuid.UUID][]byte{}
	if len(ids) == 0 {
		return found, nil
	}
	var rows []*Logo
	err := s.db.NewSelect().Model(&rows).Where("cl.id IN (?)", bun.List(ids)).Scan(ctx)
	for _, row := range rows {
		found[row.ID] = row.Bytes
	}
	return found, postgres.Wrap(err, "logos")
}
