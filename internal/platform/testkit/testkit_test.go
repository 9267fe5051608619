package testkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hibiken/asynq"

	"hocso/internal/platform/postgres"
	"hocso/migrations"
)

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	ctx := t.Context()
	db := DB(t)
	if pending, err := postgres.Pending(ctx, db, migrations.FS); err != nil || len(pending) > 0 {
		t.Errorf("not migrated: %v %v", pending, err)
	}
	if _, err := db.ExecContext(ctx, "INSERT INTO worker_heartbeats VALUES ('mine', now(), now())"); err != nil {
		t.Fatal(err)
	}
	var again, other *string
	if err := DB(t).NewRaw("SELECT max(worker_id) FROM worker_heartbeats").Scan(ctx, &again); err != nil {
		t.Fatal(err)
	}
	if again == nil {
		t.Error("asked again, it is another database")
	}
	t.Run("another", func(t *testing.T) {
		if err := DB(t).NewRaw("SELECT max(worker_id) FROM worker_heartbeats").Scan(ctx, &other); err != nil {
			t.Fatal(err)
		}
		if other != nil {
			t.Error("two tests share a database")
		}
	})
}

func TestDatabasesAreDropped(t *testing.T) {
	var url string
	if !t.Run("user", func(t *testing.T) { url = DatabaseURL(t) }) {
		return
	}
	if _, err := postgres.Open(t.Context(), url); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("got %v", err)
	}
}

func TestRedisIsForOneCall(t *testing.T) {
	for range 2 {
		option, err := asynq.ParseRedisURI(RedisURL(t))
		if err != nil {
			t.Fatal(err)
		}
		client := asynq.NewClient(option)
		defer client.Close()
		if _, err := client.Enqueue(asynq.NewTask("one", nil), asynq.TaskID("one")); err != nil {
			t.Error(err) // a shared Redis would know the task already
		}
	}
}

func TestHashFollowsNamesAndContent(t *testing.T) {
	seen := map[string]bool{}
	for _, files := range []fstest.MapFS{
		{"a": {Data: []byte("x")}},
		{"a": {Data: []byte("y")}},
		{"b": {Data: []byte("x")}},
		{"a": {Data: []byte("x")}, "b": {Data: []byte("x")}},
	} {
		hash, err := hashOf(files)
		if err != nil {
			t.Fatal(err)
		}
		if seen[hash] {
			t.Errorf("%v has the hash of another", files)
		}
		seen[hash] = true
	}
}

func TestStaleDirsAreRemoved(t *testing.T) {
	dead := exec.Command("true")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	parent := t.TempDir()
	stale := filepath.Join(parent, dirPrefix+strconv.Itoa(dead.Process.Pid)+"-1")
	living := filepath.Join(parent, dirPrefix+strconv.Itoa(os.Getpid())+"-1")
	for _, dir := range []string{stale, living} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	removeStale(parent)
	if _, err := os.Stat(stale); !os.IsNotExist(err) {
		t.Error("what a dead process left is still there")
	}
	if _, err := os.Stat(living); err != nil {
		t.Error(err)
	}
}

func BenchmarkDatabase(b *testing.B) {
	DatabaseURL(b) // the template
	s, err := server()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		_, drop, err := s.clone(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if err := drop(); err != nil {
			b.Fatal(err)
		}
	}
}
