package identity

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/shortcode"
)

// JoinCode is read out in a hamlet or at a class, so that residents register
// themselves there.
type JoinCode struct {
	bun.BaseModel `bun:"table:join_codes,alias:jc"`

	Code      string `bun:",pk"` // see package shortcode
	UnitID    uuid.UUID
	Label     string // "Lớp tối thứ Ba, nhà văn hóa thôn 2"; may be ""
	MadeBy    uuid.UUID
	MadeAt    time.Time
	EndsAt    time.Time
	Uses      int // people registered with it
	MostUses  int
	RevokedAt *time.Time

	UnitName string `bun:",scanonly"`
}

// JoinLives are how long a join code may last.
var JoinLives = []time.Duration{4 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour}

// joinMost is how many people may register with one code.
const joinMost = 200

// MakeJoinCode makes a code for a unit.
func (s *Service) MakeJoinCode(ctx context.Context, by audit.By, unit uuid.UUID, label string, life time.Duration) (*JoinCode, error) {
	label = strings.Join(strings.Fields(label), " ")
	if len([]rune(label)) > 120 {
		return nil, fault.InvalidField("label", "person.too_long")
	}
	now := s.now()
	code := &JoinCode{Code: shortcode.New(), UnitID: unit, Label: label, MadeBy: *by.ActorID, MadeAt: now, EndsAt: now.Add(life), MostUses: joinMost}
	return code, s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(code).Exec(ctx); err != nil {
			return postgres.Wrap(err, "make join code")
		}
		return audit.NewStore(tx).Add(ctx, by, now, &audit.Entry{Action: audit.JoinCodeMake, UnitID: &unit})
	})
}

// EndJoinCode ends a code of a scope at once.
func (s *Service) EndJoinCode(ctx context.Context, by audit.By, scope org.Scope, code string) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		found := new(JoinCode)
		query := tx.NewSelect().Model(found).Where("jc.code = ?", code).Where("jc.revoked_at IS NULL").For("UPDATE")
		if err := scope.Holds(query, "jc.unit_id").Scan(ctx); err != nil {
			return postgres.Wrap(err, "join code")
		}
		if _, err := tx.NewRaw("UPDATE join_codes SET revoked_at = ? WHERE code = ?", s.now(), code).Exec(ctx); err != nil {
			return postgres.Wrap(err, "end join code")
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{Action: audit.JoinCodeEnd, UnitID: &found.UnitID})
	})
}

// JoinCodes lists the codes of a scope that work, the latest first.
func (s *Store) JoinCodes(ctx context.Context, scope org.Scope, now time.Time) ([]*JoinCode, error) {
	var codes []*JoinCode
	query := s.db.NewSelect().Model(&codes).ColumnExpr("jc.*").ColumnExpr("u.name AS unit_name").Join("JOIN units AS u ON u.id = jc.unit_id").
		Where("jc.revoked_at IS NULL").Where("jc.ends_at > ?", now).Order("jc.made_at DESC").Limit(100)
	return codes, postgres.Wrap(scope.Holds(query, "jc.unit_id").Scan(ctx), "join codes")
}

// JoinCode finds a code that works, as somebody typed it. Guesses are counted
// by place; the error is the same for a wrong, an ended and a used-up code.
func (s *Service) JoinCode(ctx context.Context, from From, typed string) (*JoinCode, error) {
	limits := []limit{limitOn(joinPace, "join", network(from.Address))}
	if err := s.guess(ctx, limits); err != nil {
		return nil, err
	}
	wrong := fault.InvalidField("code", "join.code_wrong")
	parsed, ok := shortcode.Parse(typed)
	if !ok {
		return nil, wrong
	}
	code := new(JoinCode)
	err := s.db.NewSelect().Model(code).ColumnExpr("jc.*").ColumnExpr("u.name AS unit_name").Join("JOIN units AS u ON u.id = jc.unit_id").
		Where("jc.code = ?", parsed).Where("jc.revoked_at IS NULL").Where("jc.ends_at > ?", s.now()).Where("jc.uses < jc.most_uses").Scan(ctx)
	if err = postgres.Wrap(err, "join code"); fault.Is(err, fault.NotFound) {
		return nil, wrong
	}
	if err != nil {
		return nil, err
	}
	return code, s.forgive(ctx, limits)
}

// Join registers somebody with a code; then is done in the same transaction.
// The home unit has to be the code's or lie below it.
func (s *Service) Join(ctx context.Context, by audit.By, code *JoinCode, r Registration, then Then) (*Person, error) {
	inside, err := org.NewStore(s.db).Reaches(ctx, org.Scope{Units: []uuid.UUID{code.UnitID}}, r.UnitID)
	if err != nil || !inside {
		return nil, firstOf(err, fault.InvalidField("unit", "person.unit_missing"))
	}
	if r.PIN == "" {
		return nil, fault.InvalidField("pin", "signin.pin_form")
	}
	return s.Register(ctx, by, r, func(ctx context.Context, tx bun.Tx, person *Person) error {
		result, err := tx.NewRaw("UPDATE join_codes SET uses = uses + 1 WHERE code = ? AND uses < most_uses", code.Code).Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "use join code")
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 0 {
			return firstOf(err, fault.InvalidField("code", "join.code_wrong"))
		}
		return then(ctx, tx, person)
	})
}
