package bench

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"hocso/internal/identity"
	"hocso/internal/platform/clock"
)

const (
	signers     = 200 // accounts that sign in, again and again
	benchPIN    = "482915"
	signClients = 8
)

// signingIn measures how many people a second get in with a PIN: mostly the
// cost of argon2id, which is meant to be dear.
func signingIn(ctx context.Context, r *rig, o Options) (Results, error) {
	service := identity.NewService(r.db, clock.System)
	if err := execAll(ctx, r.db,
		`INSERT INTO logins SELECT 'do-' || n, `+id(kindPerson, "n")+`, 'name' FROM generate_series(1, ?0) n`)(signers); err != nil {
		return nil, err
	}
	someone, err := identity.NewStore(r.db).PersonByLogin(ctx, "do-1")
	if err != nil {
		return nil, err
	}
	if err := service.SetPIN(ctx, r.db, someone.ID, benchPIN); err != nil { // one hash for all: only comparing is measured
		return nil, err
	}
	if err := execAll(ctx, r.db, `INSERT INTO accounts (person_id, pin_hash, created_at)
		SELECT `+id(kindPerson, "n")+`, (SELECT pin_hash FROM accounts WHERE person_id = `+id(kindPerson, "1")+`), now() FROM generate_series(2, ?0) n`)(signers); err != nil {
		return nil, err
	}
	until := time.Now().Add(o.Span)
	met := crowd(r.addr, signClients, fasthttp.StatusSeeOther, func(i int, request *fasthttp.Request) bool {
		request.Header.SetMethod(fasthttp.MethodPost)
		request.SetRequestURI("/sign-in")
		request.Header.SetContentType("application/x-www-form-urlencoded")
		request.SetBodyString(fmt.Sprintf("login=do-%d&password=%s", 1+i%signers, benchPIN))
		return time.Now().Before(until)
	})
	return Results{
		figure("sign-in with a PIN", met.perSecond(), "1/s"),
		figure("sign-in with a PIN p99", percentile(met.each, 99), "ms"),
	}, met.wrong
}

// searching measures the search over as many units as the country has, today's
// and those of before July 2025.
func searching(ctx context.Context, r *rig, o Options) (Results, error) {
	if err := r.nation(ctx); err != nil {
		return nil, err
	}
	typed := []string{"nam tra", "Hoà Vang", "binh 7", "xa thanh", "30001", "hải"}
	until := time.Now().Add(o.Span)
	met := crowd(r.addr, 4, fasthttp.StatusOK, func(i int, request *fasthttp.Request) bool {
		request.SetRequestURI("/units")
		request.URI().QueryArgs().Set("q", typed[i%len(typed)])
		request.Header.SetCookie("hocso_session", token(admin))
		return time.Now().Before(until)
	})
	return Results{
		figure("unit search p50", percentile(met.each, 50), "ms"),
		atMost("unit search p99, 13,356 communes", percentile(met.each, 99), "ms", 20),
	}, met.wrong
}

// nation adds 3,321 communes of today and 10,035 of before, with names put
// together from syllables.
func (r *rig) nation(ctx context.Context) error {
	syllables := strings.Fields("nam tra hoa vang binh thanh duc phu an long son dong tay giang my hai loc tien phuoc que")
	array := "(ARRAY['" + strings.Join(syllables, "','") + "'])"
	name := fmt.Sprintf("%[1]s[1 + (n * 7) %% %[2]d] || ' ' || %[1]s[1 + (n * 13 / 3) %% %[2]d] || ' ' || (n %% 10)", array, len(syllables))
	return execAll(ctx, r.db,
		`INSERT INTO units (id, code, name, kind, parent_id, valid_from, valid_to, search)
			SELECT gen_random_uuid(), (30000 + n)::text, 'Xã ' || `+name+`, 'commune', `+id(kindUnit, "0")+`, '2025-07-01', NULL, 'xa ' || `+name+`
			FROM generate_series(1, 3321) n`,
		`INSERT INTO units (id, code, name, kind, parent_id, valid_from, valid_to, search)
			SELECT gen_random_uuid(), (40000 + n)::text, 'Xã ' || `+name+`, 'commune', `+id(kindUnit, "0")+`, '2000-01-01', '2025-07-01', 'xa ' || `+name+`
			FROM generate_series(1, 10035) n`,
		`INSERT INTO unit_successions SELECT o.id, n.id FROM units o JOIN units n ON n.code = (30001 + o.code::int % 3321)::text WHERE o.code >= '40001' AND o.code <= '50035'`,
		`ANALYZE units`)()
}
