package identity

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hocso/internal/org"
	"hocso/internal/platform/postgres"
)

// Suspect is somebody registered who may be the person at hand.
type Suspect struct {
	ID        uuid.UUID
	FullName  string
	BirthYear *int
	Unit      string // name of where they live
	SameName  bool   // without diacritics
	SameYear  bool
	SameUnit  bool
	SamePhone bool // the last four digits
}

// AsRegistration is somebody registered as if they were to be registered now:
// for finding others like them.
func (p *Listed) AsRegistration() Registration {
	return Registration{ID: p.ID, FullName: p.FullName, BirthYear: year(p.BirthYear), Phone: text(p.Phone), UnitID: *p.HomeUnitID}
}

// suspectsMost is how many are shown: more would not be read in a doorway.
const suspectsMost = 5

// Suspects lists people in a scope who may be the one to be registered: the
// same name without diacritics, unless both years of birth are known and lie
// more than a year apart; or the same year of birth and end of the phone
// number. The likeliest come first.
func (s *Store) Suspects(ctx context.Context, scope org.Scope, r Registration, now time.Time) ([]*Suspect, error) {
	year, _ := ReadBirthYear(r.BirthYear, now)
	tail := ""
	if phone, ok := ParsePhone(r.Phone); ok {
		tail = phone[len(phone)-4:]
	}
	var suspects []*Suspect
	query := s.db.NewSelect().TableExpr("people AS p").Join("JOIN units AS u ON u.id = p.home_unit_id").
		ColumnExpr("p.id, p.full_name, p.birth_year, u.name AS unit").
		ColumnExpr("p.search = ? AS same_name", org.Fold(r.FullName)).
		ColumnExpr("p.birth_year IS NOT DISTINCT FROM ?::int AND p.birth_year IS NOT NULL AS same_year", year).
		ColumnExpr("p.home_unit_id = ? AS same_unit", r.UnitID).
		ColumnExpr("right(p.phone, 4) = ?0 AND ?0 <> '' AS same_phone", tail).
		Where("p.registered_at IS NOT NULL").Where("p.merged_into IS NULL").Where("p.erased_at IS NULL").Where("p.id <> ?", r.ID).
		Where(`(p.search = ?0 AND (?1::int IS NULL OR p.birth_year IS NULL OR abs(p.birth_year - ?1) <= 1))
			OR (right(p.phone, 4) = ?2 AND ?2 <> '' AND p.birth_year = ?1)`, org.Fold(r.FullName), year, tail).
		OrderExpr("same_name DESC, coalesce(p.birth_year = ?, false) DESC, same_unit DESC, p.id", year).Limit(suspectsMost)
	err := scope.Holds(query, "p.home_unit_id").Scan(ctx, &suspects)
	return suspects, postgres.Wrap(err, "suspected duplicates")
}
