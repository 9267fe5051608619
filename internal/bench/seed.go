package bench

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
)

// The made-up world has ids that both Go and pgbench can work out from a number.
const (
	communes = 100
	courses  = 10 // those that came with the program included
	admin    = 1  // the person who reads the province page
)

// id is the uuid of the n-th row of a kind (a hexadecimal digit), in SQL.
func id(kind, n string) string {
	return fmt.Sprintf("('%s0000000-0000-7000-8000-' || lpad(to_hex((%s)::bigint), 12, '0'))::uuid", kind, n)
}

// Kinds of rows.
const (
	kindUnit, kindPerson, kindEnrolment, kindAttempt, kindCourse, kindVersion, kindQuiz, kindGrant, kindRun = "a", "b", "c", "d", "e", "f", "1", "2", "3"
)

// token is the session token of the n-th person.
func token(n int) string { return fmt.Sprintf("bench-%d", n) }

// seed makes a province, its communes, courses of ten questions, and people
// each with a session and an open attempt.
func seed(ctx context.Context, db *bun.DB, attempts int) error {
	return execAll(ctx, db,
		`INSERT INTO units SELECT `+id(kindUnit, "0")+`, '48', 'Thành phố Đà Nẵng', 'province', NULL, '2025-07-01'`,
		`INSERT INTO units SELECT `+id(kindUnit, "n")+`, (20000 + n)::text, 'Xã số ' || n, 'commune', `+id(kindUnit, "0")+`, '2025-07-01'
			FROM generate_series(1, ?0) n`,
		`INSERT INTO unit_reach SELECT id, id, 0 FROM units`,
		`INSERT INTO unit_reach SELECT parent_id, id, 1 FROM units WHERE parent_id IS NOT NULL`,
		`WITH made AS (SELECT n, `+id(kindCourse, "n")+` AS c, `+id(kindVersion, "n")+` AS v
				FROM generate_series(1, ?1 - (SELECT count(*) FROM courses)) n),
			c AS (INSERT INTO courses SELECT c, 'do-' || n, 'safety', 100 + n, v FROM made),
			v AS (INSERT INTO course_versions SELECT v, c, 1, n::text, 'Khóa đo ' || n, 'Để đo.', 20, '', '', now() FROM made),
			l AS (INSERT INTO lessons SELECT gen_random_uuid(), v, 1, 'bai-1', 'Một', 'Bài 1', 3, '', '', 'Nhớ', 'Làm', false, '{}', '<p>Bài.</p>' FROM made)
			INSERT INTO quizzes SELECT `+id(kindQuiz, "n")+`, v, 70 FROM made`,
		`INSERT INTO questions SELECT `+id(kindQuiz, "n")+`, 'cau-' || q, q, 'single', 'Câu hỏi số ' || q || '?',
				'[{"key":"a","text":"Đúng","correct":true},{"key":"b","text":"Sai"},{"key":"c","text":"Cũng sai"}]', 'Vì thế.', 'bai-1', '{}'
			FROM generate_series(1, ?1 - 3) n, generate_series(1, 10) q WHERE EXISTS (SELECT 1 FROM quizzes WHERE id = `+id(kindQuiz, "n")+`)`,
		`INSERT INTO people (id, full_name, birth_year, home_unit_id, created_at, registered_at) SELECT `+id(kindPerson, "n")+`, 'Người ' || n, 1970, `+id(kindUnit, "1 + n % ?0")+`, now(), now() FROM generate_series(1, ?2) n`,
		`INSERT INTO sessions (token_hash, person_id, created_at, expires_at) SELECT sha256(convert_to('bench-' || n, 'UTF8')), `+id(kindPerson, "n")+`, now(), now() + interval '1 day' FROM generate_series(1, ?2) n`,
		`INSERT INTO role_grants (id, person_id, role, unit_id, starts_at, ends_at) SELECT `+id(kindGrant, "n")+`, `+id(kindPerson, "n")+`, 'resident', `+id(kindUnit, "1 + n % ?0")+`, now(), NULL FROM generate_series(1, ?2) n`,
		`INSERT INTO role_grants (id, person_id, role, unit_id, starts_at, ends_at) SELECT `+id(kindGrant, "0")+`, `+id(kindPerson, fmt.Sprint(admin))+`, 'province-admin', `+id(kindUnit, "0")+`, now(), NULL`,
		`INSERT INTO enrolments (id, person_id, course_id, version_id, unit_id, enrolled_at, started_at) SELECT `+id(kindEnrolment, "n")+`, `+id(kindPerson, "n")+`, `+id(kindCourse, "1")+`, `+id(kindVersion, "1")+`,
			`+id(kindUnit, "1 + n % ?0")+`, now(), now() FROM generate_series(1, ?2) n`,
		`INSERT INTO progress_events (kind, person_id, unit_id, course_id, enrolment_id, at)
			SELECT k, person_id, unit_id, course_id, id, now() FROM enrolments, unnest('{enrolled,started}'::text[]) k`,
		`INSERT INTO attempts (id, enrolment_id, person_id, quiz_id, state, opened_at)
			SELECT `+id(kindAttempt, "n")+`, `+id(kindEnrolment, "n")+`, `+id(kindPerson, "n")+`, `+id(kindQuiz, "1")+`, 'open', now() FROM generate_series(1, ?2) n`,
		`ANALYZE`,
	)(communes, courses, attempts)
}

// execAll runs statements in order; the arguments are given to each.
func execAll(ctx context.Context, db bun.IDB, queries ...string) func(args ...any) error {
	return func(args ...any) error {
		for _, query := range queries {
			if _, err := db.NewRaw(query, args...).Exec(ctx); err != nil {
				return fmt.Errorf("%w in %s", err, strings.Join(strings.Fields(query), " "))
			}
		}
		return nil
	}
}
