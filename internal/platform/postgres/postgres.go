// Package postgres opens the database, migrates it, and says plainly what is
// wrong when it cannot be reached.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"hocso/internal/platform/fault"
)

// AppRole is the PostgreSQL role as which the program works: it reads and
// writes rows but owns no table, so that what may only be added to (the audit
// log) can be neither changed nor deleted by it. Migrations make it.
const AppRole = "hocso_app"

// Open connects to the database at url (any form that libpq knows), acting as
// AppRole, and checks that it answers within 5 s.
func Open(ctx context.Context, url string) (*bun.DB, error) { return open(ctx, url, AppRole) }

// OpenOwner is Open with the rights of the url's own role: for migrations.
func OpenOwner(ctx context.Context, url string) (*bun.DB, error) { return open(ctx, url, "") }

// open connects; an empty role stands for the url's own.
//
// bun writes arguments into the statement itself, so every statement differs
// and pgx's statement cache would only churn: the simple protocol is 2× faster.
func open(ctx context.Context, url, role string) (*bun.DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database address: %s", withoutPassword(err, url))
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	config.RuntimeParams["timezone"] = "UTC"
	config.RuntimeParams["application_name"] = "hocso"
	if role != "" {
		config.RuntimeParams["role"] = role
	}
	// The session of a machine that hangs or is cut off lives on in PostgreSQL
	// and would keep its locks for hours. None of our transactions rests.
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "5s"
	pool := stdlib.OpenDB(*config)
	connections := max(16, 4*runtime.NumCPU())
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	db := bun.NewDB(pool, pgdialect.New(), bun.WithDiscardUnknownColumns())

	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		if isCode(err, "22023") && role != "" {
			return nil, fmt.Errorf("database at %s has no role %s; run 'hocso migrate'", Address(url), role)
		}
		return nil, fmt.Errorf("database at %s does not answer: %s", Address(url), reason(err))
	}
	return db, nil
}

// Address shows where a database is, without its password.
func Address(databaseURL string) string {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return "(unreadable address)"
	}
	return fmt.Sprintf("%s:%d/%s", config.Host, config.Port, config.Database)
}

// HotRow runs a query with $1, $2 … as a prepared statement that its
// connection keeps: for the few that run on every request, where planning
// would cost more than running (see Open for why the others are not prepared).
func HotRow(ctx context.Context, db *bun.DB, query string, args ...any) *sql.Row {
	return db.DB.QueryRowContext(ctx, query, append([]any{pgx.QueryExecModeCacheStatement}, args...)...)
}

// Wrap says what a store was doing when err came; a missing row becomes a
// fault.NotFound.
func Wrap(err error, what string) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, what)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// IsUnique tells whether err is a violation of the named unique index.
func IsUnique(err error, index string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23505" && pg.ConstraintName == index
}

// isCode tells whether err is PostgreSQL's error of a code.
func isCode(err error, code string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == code
}

// IsDown tells whether err means that the database could not be reached, broke
// off or has no room left, so that the same call may succeed later.
func IsDown(err error) bool {
	if err == nil {
		return false
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		// 08: connection; 53: no disk, memory or connections left; 57P0x:
		// shutdown, crash, cannot connect now; 25P03: see Open.
		return strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "53") ||
			strings.HasPrefix(pg.Code, "57P0") || pg.Code == "25P03"
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || errors.Is(err, sql.ErrConnDone) || pgconn.SafeToRetry(err) ||
		strings.Contains(err.Error(), "unexpected EOF") || strings.Contains(err.Error(), "broken pipe") ||
		strings.Contains(err.Error(), "connection reset") || strings.Contains(err.Error(), "conn closed") ||
		strings.Contains(err.Error(), "bad connection")
}

// reason is the innermost sentence of a connection error: pgx wraps the same
// thing in several lines.
func reason(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Message
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer within 5 s"
	}
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

func withoutPassword(err error, databaseURL string) string {
	text := err.Error()
	if parsed, perr := url.Parse(databaseURL); perr == nil && parsed.User != nil {
		if password, ok := parsed.User.Password(); ok && password != "" {
			text = strings.ReplaceAll(text, password, "xxxxx")
		}
	}
	return strings.ReplaceAll(text, "\n", " ")
}
