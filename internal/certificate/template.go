package certificate

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// Template is one revision of what a province's records look like.
type Template struct {
	bun.BaseModel `bun:"table:certificate_templates,alias:ct"`

	UnitID   uuid.UUID  `bun:",pk,type:uuid"` // the province
	Revision int        `bun:",pk"`           // from 1
	Design   Design     `bun:",type:jsonb"`
	MadeBy   *uuid.UUID `bun:",type:uuid"` // nil for the first, which comes by itself
	MadeAt   time.Time

	MaderName string `bun:",scanonly"`
}

// Design is what a province decides about its records. The title and what the
// paper is not are fixed: they keep it from looking like a diploma.
type Design struct {
	Body      string     `json:"body"`                // who issues: "ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ NẴNG"
	Heading   []string   `json:"heading,omitempty"`   // smaller lines above it, at most two
	Place     string     `json:"place,omitempty"`     // before the date: "Đà Nẵng"
	Signatory string     `json:"signatory,omitempty"` // name
	Position  string     `json:"position,omitempty"`  // of the signatory, may hold a line break
	Closing   string     `json:"closing,omitempty"`   // a sentence
	Accent    Accent     `json:"accent"`
	Frame     Frame      `json:"frame"`
	LogoID    *uuid.UUID `json:"logo_id,omitempty"`
}

// Accent is a colour of headings and frame.
type Accent string

// Frame is what stands around the page.
type Frame string

// The accents and the frames, in the order in which pages offer them.
var (
	Accents = []Accent{"blue", "green", "wine", "slate"}
	Frames  = []Frame{"double", "corners", "band"}
)

// FirstDesign is what a province's records look like before anybody decided.
func FirstDesign(province string) Design {
	place := province
	for _, level := range []string{"Thành phố ", "Tỉnh "} {
		place = strings.TrimPrefix(place, level)
	}
	return Design{
		Body: strings.ToUpper("Ủy ban nhân dân " + province), Place: place, Position: "Người cấp giấy",
		Closing: "Cảm ơn bạn đã học. Kỹ năng dùng mỗi ngày là kỹ năng ở lại.", Accent: Accents[0], Frame: Frames[0],
	}
}

// currentTemplate reads the latest revision; a province that has none gets its
// first.
func (s *Store) currentTemplate(ctx context.Context, province uuid.UUID, name string, now time.Time) (*Template, error) {
	first := &Template{UnitID: province, Revision: 1, Design: FirstDesign(name), MadeAt: now}
	if _, err := s.db.NewInsert().Model(first).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
		return nil, postgres.Wrap(err, "first template")
	}
	t := new(Template)
	err := s.db.NewSelect().Model(t).Where("ct.unit_id = ?", province).Order("ct.revision DESC").Limit(1).Scan(ctx)
	return t, postgres.Wrap(err, "template")
}
