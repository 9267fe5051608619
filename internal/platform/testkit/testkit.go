// Package testkit gives every test a PostgreSQL database and a Redis of its
// own: real servers, in milliseconds, so that no test sees another's data and
// none needs a stand-in for what production runs on.
//
// Under testenv (see make test) one PostgreSQL serves all packages; a plain
// "go test" starts one for each package that asks. Only tests import it.
package testkit

import (
	"context"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"hocso/internal/platform/embedded"
	"hocso/internal/platform/postgres"
)

// DB is the test's own migrated database, gone when the test ends. Asked again
// by the same test, here or by DatabaseURL, it is the same database.
func DB(t testing.TB) *bun.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), DatabaseURL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// databases remembers which test has which database.
var databases sync.Map // testing.TB → URL

// DatabaseURL is the address of the test's own migrated database, for tests
// that start processes.
func DatabaseURL(t testing.TB) string {
	t.Helper()
	if url, ok := databases.Load(t); ok {
		return url.(string)
	}
	s, err := server()
	if err != nil {
		t.Fatal(err)
	}
	url, drop, err := s.clone(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	databases.Store(t, url)
	t.Cleanup(func() {
		databases.Delete(t)
		if err := drop(); err != nil {
			t.Error(err)
		}
	})
	return url
}

// RedisURL is the address of an empty Redis for this call alone, in the form
// that the product takes; a test may flush or fill it as it likes.
func RedisURL(t testing.TB) string {
	t.Helper()
	dir, err := NewDir()
	if err != nil {
		t.Fatal(err)
	}
	redis, err := embedded.StartRedis(t.Context(), embedded.Options{Dir: dir.Path, Fast: true}, func(string) {})
	if err != nil {
		dir.Remove()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := redis.Stop(context.Background()); err != nil {
			t.Error(err)
		}
		dir.Remove()
	})
	return redis.URL()
}
