package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"hocso/internal/certificate"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/credential"
)

// recordsInList is how many records the status list tells of; every tenth was
// revoked.
const recordsInList = 100_000

// signing measures how fast one processor signs records in digital form, and
// how long a status list takes.
func signing(ctx context.Context, r *rig, o Options) (Results, error) {
	if err := execAll(ctx, r.db,
		`INSERT INTO certificate_templates (unit_id, revision, design, made_at) SELECT id, 1, '{"body": "UBND"}', now() FROM units WHERE kind = 'province' LIMIT 1
		ON CONFLICT DO NOTHING`,
		`INSERT INTO certificates (id, code, person_id, unit_id, province_id, template, course_id, facts, completed_on, issued_at, revoked_at, reason)
		SELECT gen_random_uuid(), 'bench' || row_number() OVER (), p.id, t.unit_id, t.unit_id, t.revision, (SELECT id FROM courses ORDER BY position DESC LIMIT 1),
			'{"name": "Hồ Thị Nguyệt", "title": "Dùng Internet", "minutes": 60, "parts": []}', current_date, now(),
			CASE WHEN row_number() OVER () % 10 = 0 THEN now() END, CASE WHEN row_number() OVER () % 10 = 0 THEN 'other' END
		FROM (SELECT id FROM people WHERE registered_at IS NOT NULL LIMIT ?0) p, (SELECT * FROM certificate_templates LIMIT 1) t ON CONFLICT DO NOTHING`,
		`ANALYZE certificates`,
	)(recordsInList); err != nil {
		return nil, err
	}
	signer, err := newSigner(ctx, r)
	if err != nil {
		return nil, err
	}
	var holder struct{ ID, PersonID uuid.UUID }
	if err := r.db.NewRaw("SELECT id, person_id FROM certificates WHERE revoked_at IS NULL LIMIT 1").Scan(ctx, &holder); err != nil {
		return nil, err
	}
	signed, began := 0, time.Now()
	for ; time.Since(began) < o.Span; signed++ {
		if _, err := signer.Credential(ctx, holder.PersonID, holder.ID); err != nil {
			return nil, err
		}
	}
	rate := float64(signed) / time.Since(began).Seconds()
	var took [2]float64
	for i := range took {
		began = time.Now()
		if _, err := signer.StatusList(ctx, 0); err != nil {
			return nil, err
		}
		took[i] = float64(time.Since(began).Microseconds()) / 1000
	}
	return Results{
		figure("records read and signed in digital form, one at a time", rate, "1/s"),
		figure(fmt.Sprintf("a status list of %d records, read and signed", recordsInList), took[0], "ms"),
		figure("the same again, nothing changed", took[1], "ms"),
	}, nil
}

func newSigner(ctx context.Context, r *rig) (*certificate.Signer, error) {
	key, err := credential.MakeKey(filepath.Join(r.dir, "credential.pem"))
	if err != nil {
		return nil, err
	}
	issuer, err := credential.NewIssuer("https://hocso.example.vn", key)
	if err != nil {
		return nil, err
	}
	return certificate.NewSigner(ctx, certificate.NewService(r.db, nil, clock.System), issuer)
}
