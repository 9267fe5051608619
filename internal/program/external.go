package program

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/notify"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// External is a certificate of another platform that somebody wants to have
// counted.
type External struct {
	bun.BaseModel `bun:"table:external_certificates,alias:xc"`

	ID        uuid.UUID  `bun:",pk,type:uuid"`
	PersonID  uuid.UUID  `bun:",type:uuid"`
	CourseID  *uuid.UUID `bun:",type:uuid"` // the course that it stands for; nil when it only counts as hours
	Title     string
	Issuer    string // "One Touch", "Bình dân học vụ số"
	Number    string
	IssuedOn  time.Time `bun:",type:date"`
	Minutes   int
	Link      string
	FileID    *uuid.UUID `bun:",type:uuid"`
	State     ExternalState
	MadeAt    time.Time
	DecidedBy *uuid.UUID `bun:",type:uuid"`
	DecidedAt *time.Time
	Answer    string

	FullName string `bun:",scanonly"` // of the person
	UnitName string `bun:",scanonly"` // of the person
	FileName string `bun:",scanonly"`
	Decider  string `bun:",scanonly"`
}

// ExternalState is what became of it.
type ExternalState string

// The states of an external certificate.
const (
	Waiting   ExternalState = "waiting"
	Accepted  ExternalState = "accepted"
	Refused   ExternalState = "refused"
	Withdrawn ExternalState = "withdrawn"
)

// Approvers are the roles that decide on certificates of other platforms.
var Approvers = []identity.Role{identity.UnitHead, identity.ProvinceAdmin}

// mostWaiting is how many certificates of one person may wait at a time.
const mostWaiting = 20

// Submit hands in a certificate with its proof: a link, a file, or both.
func (s *Service) Submit(ctx context.Context, x *External, file *File) error {
	x.tidy()
	if wrong := x.check(clock.Day(s.now()), file); len(wrong) > 0 {
		return fault.InvalidFields(wrong)
	}
	x.State, x.MadeAt = Waiting, s.now()
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := identity.NewStore(tx).Awake(ctx, x.PersonID); err != nil {
			return err
		}
		waiting, err := tx.NewSelect().Model((*External)(nil)).Where("person_id = ?", x.PersonID).Where("state = ?", Waiting).Count(ctx)
		if err != nil {
			return postgres.Wrap(err, "waiting certificates")
		}
		if waiting >= mostWaiting {
			return fault.InvalidField("title", "program.external_too_many")
		}
		if file != nil {
			if err := NewStore(tx).addFile(ctx, file, x.PersonID, s.now()); err != nil {
				return err
			}
			x.FileID = &file.ID
		}
		// The form's own id: sent twice, it is handed in once.
		_, err = tx.NewInsert().Model(x).On("CONFLICT (id) DO NOTHING").Returning("NULL").Exec(ctx)
		return postgres.Wrap(err, "hand in certificate")
	})
}

func (x *External) tidy() {
	for _, text := range []*string{&x.Title, &x.Issuer, &x.Number, &x.Link} {
		*text = strings.Join(strings.Fields(*text), " ")
	}
}

func (x *External) check(today time.Time, file *File) map[string]string {
	wrong := map[string]string{}
	say := func(is bool, field, key string) {
		if _, said := wrong[field]; is && !said {
			wrong[field] = "program." + key
		}
	}
	say(x.Title == "", "title", "external_title_missing")
	say(len([]rune(x.Title)) > 200, "title", "too_long")
	say(x.Issuer == "", "issuer", "external_issuer_missing")
	say(len([]rune(x.Issuer)) > 120, "issuer", "too_long")
	say(len([]rune(x.Number)) > 80, "number", "too_long")
	say(x.IssuedOn.IsZero(), "issued_on", "day_missing")
	say(x.IssuedOn.After(today), "issued_on", "day_in_future")
	say(x.IssuedOn.Before(date(2000, 1, 1)), "issued_on", "day_wrong")
	say(x.Minutes < 0 || x.Minutes > 18_000, "tiet", "tiet_wrong")
	say(x.Link == "" && file == nil, "link", "external_proof_missing")
	say(len([]rune(x.Link)) > 500, "link", "too_long")
	if x.Link != "" {
		address, err := url.Parse(x.Link)
		say(err != nil || address.Host == "" || (address.Scheme != "https" && address.Scheme != "http"), "link", "external_link_wrong")
	}
	return wrong
}

// WithdrawExternal takes back what waits to be decided.
func (s *Service) WithdrawExternal(ctx context.Context, person, id uuid.UUID) error {
	_, err := s.db.NewRaw("UPDATE external_certificates SET state = 'withdrawn' WHERE id = ? AND person_id = ? AND state = 'waiting'", id, person).Exec(ctx)
	return postgres.Wrap(err, "withdraw certificate")
}

// ExternalsOf lists a person's certificates of other platforms, the latest first.
func (s *Service) ExternalsOf(ctx context.Context, person uuid.UUID) ([]*External, error) {
	var all []*External
	err := s.externals(&all).Where("xc.person_id = ?", person).Where("xc.state <> 'withdrawn'").Order("xc.made_at DESC").Scan(ctx)
	return all, postgres.Wrap(err, "certificates of a person")
}

// ExternalsWaiting lists what waits to be decided by somebody with the scope,
// the oldest first; at most 100.
func (s *Service) ExternalsWaiting(ctx context.Context, scope org.Scope) ([]*External, error) {
	var all []*External
	query := s.externals(&all).Where("xc.state = 'waiting'").Order("xc.made_at").Limit(100)
	return all, postgres.Wrap(scope.Holds(query, "p.home_unit_id").Scan(ctx), "certificates that wait")
}

func (s *Service) externals(all *[]*External) *bun.SelectQuery {
	return s.db.NewSelect().Model(all).ColumnExpr("xc.*").
		ColumnExpr("p.full_name, coalesce(u.name, '') AS unit_name, coalesce(f.name, '') AS file_name, coalesce(d.full_name, '') AS decider").
		Join("JOIN people AS p ON p.id = xc.person_id").Join("LEFT JOIN units AS u ON u.id = p.home_unit_id").
		Join("LEFT JOIN program_files AS f ON f.id = xc.file_id").Join("LEFT JOIN people AS d ON d.id = xc.decided_by")
}

// Decide accepts or refuses a certificate of somebody in the scope. Nobody
// decides on their own; a refusal needs an answer. Accepting may set which
// course it stands for and how long it took.
func (s *Service) Decide(ctx context.Context, scope org.Scope, by audit.By, id uuid.UUID, accept bool, course *uuid.UUID, minutes int, answer string) error {
	answer = strings.TrimSpace(answer)
	switch {
	case !accept && answer == "":
		return fault.InvalidField("answer", "program.reason_missing")
	case len([]rune(answer)) > maxReason:
		return fault.InvalidField("answer", "program.too_long")
	case minutes < 0 || minutes > 18_000:
		return fault.InvalidField("tiet", "program.tiet_wrong")
	}
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		x := new(External)
		query := tx.NewSelect().Model(x).ColumnExpr("xc.*").Join("JOIN people AS p ON p.id = xc.person_id").Where("xc.id = ?", id).For("UPDATE OF xc")
		if err := scope.Holds(query, "p.home_unit_id").Scan(ctx); err != nil {
			return postgres.Wrap(err, "certificate of another platform")
		}
		switch {
		case x.State != Waiting:
			return fault.New(fault.Conflict, "the certificate was decided on")
		case by.ActorID == nil || *by.ActorID == x.PersonID:
			return fault.New(fault.Forbidden, "one's own certificate")
		}
		now := s.now()
		x.State, x.DecidedBy, x.DecidedAt, x.Answer = Refused, by.ActorID, &now, answer
		if accept {
			x.State, x.CourseID, x.Minutes = Accepted, course, minutes
		}
		if _, err := tx.NewUpdate().Model(x).WherePK().Exec(ctx); err != nil {
			return postgres.Wrap(err, "decide on a certificate")
		}
		_, err := notify.NewStore(tx).Queue(ctx, &notify.Notice{
			PersonID: x.PersonID, Kind: NoticeExternal, Occasion: fmt.Sprintf("%s/%s", NoticeExternal, x.ID), Link: "/me/programs", MadeAt: now,
			Data: map[string]string{"course": x.Title, "state": map[bool]string{true: "được chấp nhận", false: "không được chấp nhận"}[accept]},
		})
		if err != nil {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, now, &audit.Entry{
			Action: audit.ExternalDecide, SubjectID: &x.PersonID, Changes: []audit.Change{{Field: "certificate", After: x.Issuer}, {Field: "state", Before: string(Waiting), After: string(x.State)}},
		})
	})
	if err == nil {
		s.bell.Ring(EvaluateBell)
		s.bell.Ring(notify.SendBell)
	}
	return err
}
