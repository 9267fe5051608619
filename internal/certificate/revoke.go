package certificate

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/notify"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/shortcode"
)

// maxNote is how long a note may be, in characters.
const maxNote = 500

// Revoke takes a record of the scope back for good. What is wrong is an Invalid
// on "reason" or "note"; a record that does not count any more is a Conflict.
func (s *Service) Revoke(ctx context.Context, scope org.Scope, by audit.By, id uuid.UUID, reason Reason, note string) error {
	note = strings.TrimSpace(note)
	wrong := map[string]string{}
	if !slices.Contains(Reasons, reason) {
		wrong["reason"] = "certificate.reason_missing"
	}
	switch {
	case note == "":
		wrong["note"] = "certificate.note_missing"
	case len([]rune(note)) > maxNote:
		wrong["note"] = "certificate.too_long"
	}
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong)
	}
	return s.decide(ctx, scope, by, id, audit.CertificateRevoke, func(ctx context.Context, tx bun.Tx, r *Record) (*Record, error) {
		if !r.live() {
			return nil, fault.New(fault.Conflict, "the record does not count any more")
		}
		now := s.now()
		r.RevokedAt, r.RevokedBy, r.Reason, r.Note = &now, by.ActorID, reason, note
		_, err := tx.NewUpdate().Model(r).Column("revoked_at", "revoked_by", "reason", "note").WherePK().Exec(ctx)
		return r, postgres.Wrap(err, "revoke record")
	}, NoticeRevoked)
}

// Reissue gives the holder of a record of the scope a new one, with their name
// and unit as they are now; the old one is superseded. One that people revoked
// may be issued again; one that the worker took back comes again by itself.
func (s *Service) Reissue(ctx context.Context, scope org.Scope, by audit.By, id uuid.UUID) (*Record, error) {
	var issued *Record
	err := s.decide(ctx, scope, by, id, audit.CertificateReissue, func(ctx context.Context, tx bun.Tx, r *Record) (*Record, error) {
		if r.SupersededAt != nil || r.RevokedAt != nil && r.Reason == Corrected {
			return nil, fault.New(fault.Conflict, "the record is not issued again")
		}
		person := new(identity.Person)
		if err := tx.NewSelect().Model(person).Where("p.id = ?", r.PersonID).Scan(ctx); err != nil {
			return nil, postgres.Wrap(err, "holder of a record")
		}
		now := s.now()
		copied := *r
		issued = &copied
		issued.ID, issued.Code, issued.StatusIndex, issued.IssuedAt = uuid.Must(uuid.NewV7()), shortcode.New(), 0, now
		issued.RevokedAt, issued.RevokedBy, issued.Reason, issued.Note = nil, nil, "", ""
		issued.Facts.Name, issued.UnitID = person.FullName, *person.HomeUnitID
		store := NewStore(tx)
		places, err := store.places(ctx, []uuid.UUID{issued.UnitID})
		if err != nil {
			return nil, err
		}
		if err := store.dress(ctx, []*Record{issued}, &completions{places: places}); err != nil {
			return nil, err
		}
		o := &outcome{now: now, issued: []*Record{issued}}
		if r.live() {
			o.supersede(r, issued)
		}
		return issued, store.save(ctx, o)
	}, NoticeIssued)
	return issued, err
}

// decide carries out a decision on a record of the scope, in one transaction
// with its log entry and a notice of the record that it gives.
func (s *Service) decide(
	ctx context.Context, scope org.Scope, by audit.By, id uuid.UUID, action audit.Action,
	do func(context.Context, bun.Tx, *Record) (*Record, error), kind notify.Kind,
) error {
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		r, err := NewStore(tx).lock(ctx, scope, id)
		if err != nil {
			return err
		}
		entry := &audit.Entry{Action: action, SubjectID: &r.PersonID, UnitID: &r.UnitID, Changes: []audit.Change{{Field: "certificate", After: r.Facts.Title}}}
		about, err := do(ctx, tx, r)
		if postgres.IsUnique(err, "certificates_live_course") || postgres.IsUnique(err, "certificates_live_program") {
			return fault.New(fault.Conflict, "another record of the same counts")
		}
		if err != nil {
			return err
		}
		if about.Reason != "" {
			entry.Changes = append(entry.Changes, audit.Change{Field: "reason", After: reasonTexts[about.Reason]})
		}
		if _, err := notify.NewStore(tx).Queue(ctx, about.notice(kind, s.now())); err != nil {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), entry)
	})
	if err == nil {
		s.bell.Ring(notify.SendBell)
	}
	return err
}

// lock finds a record of the scope and keeps its holder's record from being
// merged or erased: people are locked before what is theirs.
func (s *Store) lock(ctx context.Context, scope org.Scope, id uuid.UUID) (*Record, error) {
	found, err := one(ctx, within(s.db.NewSelect().Where("ce.id = ?", id), scope))
	if err != nil {
		return nil, err
	}
	if _, err := s.hold(ctx, []uuid.UUID{found.PersonID}); err != nil {
		return nil, err
	}
	return one(ctx, within(s.db.NewSelect().Where("ce.id = ?", id), scope).For("UPDATE OF ce"))
}
