package certificate

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Designers are the roles that decide what a province's records look like.
var Designers = []identity.Role{identity.ProvinceAdmin}

// most is how long the parts of a design may be, in characters.
var most = struct{ line, sentence, headings int }{line: 160, sentence: 200, headings: 2}

// refused are words, folded as org.Fold does, by which a paper would claim to
// be what it is not.
var refused = []string{
	"chung chi", "chung nhan", "van bang", "cong nhan", "cong hoa xa hoi chu nghia", "doc lap tu do hanh phuc", "pho cap ky nang so", "quoc huy",
}

// tidy puts what was typed in order and says what is wrong with it, field by field.
func (d *Design) tidy() map[string]string {
	wrong := map[string]string{}
	line := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	d.Body, d.Place, d.Signatory, d.Position, d.Closing = line(d.Body), line(d.Place), line(d.Signatory), line(d.Position), line(d.Closing)
	var heading []string
	for _, text := range d.Heading {
		if text = line(text); text != "" {
			heading = append(heading, text)
		}
	}
	d.Heading = heading
	if d.Body == "" {
		wrong["body"] = "certificate.body_missing"
	}
	if len(heading) > most.headings {
		wrong["heading"] = "certificate.heading_many"
	}
	for field, text := range map[string]string{
		"body": d.Body, "heading": strings.Join(heading, " "), "place": d.Place, "signatory": d.Signatory, "position": d.Position, "closing": d.Closing,
	} {
		if longest := max(most.line, most.sentence*len(heading)); len([]rune(text)) > longest {
			wrong[field] = "certificate.too_long"
		}
		folded := " " + org.Fold(text) + " "
		if slices.ContainsFunc(refused, func(word string) bool { return strings.Contains(folded, " "+word+" ") }) {
			wrong[field] = "certificate.word_refused"
		}
	}
	if !slices.Contains(Accents, d.Accent) {
		d.Accent = Accents[0]
	}
	if !slices.Contains(Frames, d.Frame) {
		d.Frame = Frames[0]
	}
	return wrong
}

// Template reads what the records of a province in the scope look like now.
func (s *Service) Template(ctx context.Context, scope org.Scope, province *org.Unit) (*Template, error) {
	if inside, err := org.NewStore(s.db).Reaches(ctx, scope, province.ID); err != nil || !inside || province.Kind != org.Province {
		return nil, firstOf(err, fault.New(fault.NotFound, "template of a province"))
	}
	return NewStore(s.db).currentTemplate(ctx, province.ID, province.Name, s.now())
}

// Templates lists the revisions of a province's template, the latest first.
func (s *Service) Templates(ctx context.Context, province uuid.UUID) ([]*Template, error) {
	var all []*Template
	err := s.db.NewSelect().Model(&all).ColumnExpr("ct.*").ColumnExpr("coalesce(p.full_name, '') AS mader_name").
		Join("LEFT JOIN people AS p ON p.id = ct.made_by").Where("ct.unit_id = ?", province).Order("ct.revision DESC").Limit(50).Scan(ctx)
	return all, postgres.Wrap(err, "templates of a province")
}

// SaveTemplate makes a design hold for the records that are issued from now on;
// revision is the one that the editor has seen: somebody who was faster makes
// it a Conflict. A nil logo keeps the design's.
func (s *Service) SaveTemplate(ctx context.Context, scope org.Scope, by audit.By, province *org.Unit, revision int, d Design, logo *Logo) error {
	current, err := s.Template(ctx, scope, province)
	if err != nil {
		return err
	}
	if wrong := d.tidy(); len(wrong) > 0 {
		return fault.InvalidFields(wrong)
	}
	if current.Revision != revision {
		return fault.New(fault.Conflict, "somebody else changed the template")
	}
	now := s.now()
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if logo != nil {
			logo.MadeBy, logo.MadeAt, d.LogoID = by.ActorID, now, &logo.ID
			if _, err := tx.NewInsert().Model(logo).Exec(ctx); err != nil {
				return postgres.Wrap(err, "keep logo")
			}
		}
		next := &Template{UnitID: province.ID, Revision: revision + 1, Design: d, MadeBy: by.ActorID, MadeAt: now}
		if _, err := tx.NewInsert().Model(next).Exec(ctx); err != nil {
			return postgres.Wrap(err, "save template")
		}
		return audit.NewStore(tx).Add(ctx, by, now, &audit.Entry{Action: audit.CertificateTemplate, UnitID: &province.ID})
	})
	if postgres.IsUnique(err, "certificate_templates_pkey") {
		return fault.New(fault.Conflict, "somebody else changed the template")
	}
	return err
}

// Preview makes a paper of made-up facts in a design that nobody saved yet.
func (s *Service) Preview(ctx context.Context, province *org.Unit, d Design, logo *Logo, site string) ([]byte, error) {
	if wrong := d.tidy(); len(wrong) > 0 {
		return nil, fault.InvalidFields(wrong)
	}
	sheet := &Sheet{Record: specimen(province, s.now()), Design: d, Link: Link(site, specimenCode)}
	if logo != nil {
		sheet.Design.LogoID, sheet.Logo = &logo.ID, logo.Bytes
	} else if d.LogoID != nil {
		logos, err := NewStore(s.db).logosOf(ctx, map[edition]*Template{{}: {Design: d}})
		if err != nil {
			return nil, err
		}
		sheet.Logo = logos[*d.LogoID]
	}
	return sheet.PDF()
}

// specimenCode passes for no code: its check sign is wrong.
const specimenCode = "XXXX2345"

// specimen is a record of nobody.
func specimen(province *org.Unit, now time.Time) *Record {
	program, cycle, on := uuid.Nil, 1, asDay(now)
	until := on.AddDate(1, 0, -1)
	return &Record{
		Code: specimenCode, ProgramID: &program, Cycle: &cycle, CompletedOn: on, ValidUntil: &until, IssuedAt: now,
		Facts: Facts{
			Name: "Nguyễn Thị Mẫu", Unit: "Xã Mẫu", Province: province.Name, Title: "Chương trình mẫu để xem trước", Minutes: 135, Decision: "00/QĐ-MẪU",
			Parts: []Part{{Title: "Khóa học thứ nhất", On: on}, {Title: "Khóa học thứ hai", On: on, Issuer: "Nền tảng khác"}},
		},
	}
}

func firstOf(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
