package embedded

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"hocso/internal/platform/postgres"
)

// name is both the role that owns the database and the database.
const name = "hocso"

// StartPostgres runs PostgreSQL with its data in options.Dir/postgres, which
// are made at the first start, and returns when it takes connections. progress
// is told what takes longer than a moment.
func StartPostgres(ctx context.Context, options Options, progress func(string)) (*Server, error) {
	h, err := prepare(options, "postgres")
	if err != nil {
		return nil, err
	}
	s, err := startPostgres(ctx, h, options, progress)
	if err != nil {
		h.close()
		return nil, err
	}
	if err := makeDatabase(ctx, h, options); err != nil {
		return nil, errors.Join(h.failure("PostgreSQL", err), s.Stop(ctx))
	}
	s.url = postgresURL(h, name, name)
	return s, nil
}

func startPostgres(ctx context.Context, h *house, options Options, progress func(string)) (*Server, error) {
	pidFile := filepath.Join(h.data, "postmaster.pid")
	if err := stopOrphan(ctx, pidFile, h.data, syscall.SIGINT, progress); err != nil {
		return nil, err
	}
	major, err := dataVersion(h.data)
	if err != nil {
		return nil, err
	}
	postgres, err := findPostgres(major)
	if err != nil {
		return nil, err
	}
	if major == 0 {
		progress(fmt.Sprintf("Creating a PostgreSQL %d database in %s…", postgres.major, h.data))
		if err := initialise(h, postgres, options); err != nil {
			return nil, err
		}
	}
	arguments := append([]string{"-D", h.data}, settings(h, options)...)
	// SIGINT is PostgreSQL's fast shutdown: it breaks off sessions, writes
	// everything down and ends. SIGTERM would wait for the sessions.
	signals := []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL}
	s, err := start(h, "PostgreSQL", signals, filepath.Join(postgres.bin, "postgres"), arguments...)
	if err != nil {
		return nil, err
	}
	ready := func() bool { return postgresReady(pidFile, s.process.Pid) }
	if err := s.waitReady(ctx, ready, progress); err != nil {
		return nil, err
	}
	return s, nil
}

// settings are given at every start, rather than written into postgresql.conf
// once, so that a newer hocso's apply to older data. They suit a machine with
// 2 to 8 GB that PostgreSQL shares with us; durability stays as it is shipped.
func settings(h *house, options Options) []string {
	connections := options.MaxConnections
	if connections == 0 {
		connections = 200
	}
	list := []string{
		"listen_addresses=",
		"port=5432",
		"unix_socket_directories=" + h.run,
		"unix_socket_permissions=0700",
		"max_connections=" + strconv.Itoa(connections),
		"shared_buffers=128MB",
		"effective_cache_size=1GB",
		"random_page_cost=1.1", // disks are solid state today
		"jit=off",              // our statements are short
		"timezone=UTC",
		"log_timezone=UTC",
		"log_line_prefix=%m [%p] ",
		// Statements and their details hold people's names: they stay out of the log.
		"log_min_error_statement=panic",
		"log_error_verbosity=terse",
	}
	if options.Fast {
		list = append(list, "fsync=off", "synchronous_commit=off", "full_page_writes=off",
			"wal_level=minimal", "max_wal_senders=0",
			// Shared memory among the data goes with them when a test is killed.
			"dynamic_shared_memory_type=mmap")
	}
	var arguments []string
	for _, setting := range list {
		arguments = append(arguments, "-c", setting)
	}
	return arguments
}

// dataVersion reads which major version made the data; zero when there are none.
func dataVersion(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	} else if err != nil {
		return 0, err
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s/PG_VERSION is damaged: restore %s from a backup", data, data)
	}
	return major, nil
}

// initialise makes the data directory under another name first: when it is
// broken off half way, the next start begins again.
func initialise(h *house, postgres installation, options Options) error {
	unfinished := h.data + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return plain(h.dir, err)
	}
	if err := ownDir(unfinished, h.account); err != nil {
		return err
	}
	arguments := []string{"-D", unfinished, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=" + locale()}
	if options.Fast {
		arguments = append(arguments, "--no-sync")
	}
	command := childCommand(h, syscall.SIGKILL, filepath.Join(postgres.bin, "initdb"), arguments...)
	if err := spawn(command); err != nil {
		return fmt.Errorf("initdb: %w", err)
	}
	if err := command.Wait(); err != nil {
		return h.failure("PostgreSQL", fmt.Errorf("initdb: %w", err))
	}
	// Connections come through the socket only; not even loopback is offered.
	hba := filepath.Join(unfinished, "pg_hba.conf")
	if err := os.WriteFile(hba, []byte("local all all trust\n"), 0o600); err != nil {
		return plain(h.dir, err)
	}
	if err := os.Rename(unfinished, h.data); err != nil {
		return plain(h.dir, err)
	}
	return nil
}

// locale sorts by code point, which is fast and never changes with the system's
// libraries; what people see is sorted with COLLATE "vi-x-icu". macOS has no
// such locale for UTF-8.
func locale() string {
	if runtime.GOOS == "linux" {
		return "C.UTF-8"
	}
	return "en_US.UTF-8"
}

// postgresReady looks for the word that the postmaster writes into its pid
// file, as pg_ctl does: asking by connections fills the log with refusals.
func postgresReady(pidFile string, pid int) bool {
	text, err := os.ReadFile(pidFile)
	if err != nil {
		return false
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[0] == strconv.Itoa(pid) && strings.TrimSpace(lines[len(lines)-1]) == "ready"
}

// makeDatabase makes the role and its database where they are missing. The
// role is no superuser: it owns the database, which is enough for everything
// we do, unaccent included (a trusted extension). It may act as
// postgres.AppRole, which has fewer rights still.
func makeDatabase(ctx context.Context, h *house, options Options) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	connection, err := pgx.Connect(ctx, postgresURL(h, "postgres", "postgres"))
	if err != nil {
		return err
	}
	defer connection.Close(ctx)
	var role, appRole, database bool
	err = connection.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1),
		EXISTS (SELECT FROM pg_roles WHERE rolname = $2),
		EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name, postgres.AppRole).Scan(&role, &appRole, &database)
	if err != nil {
		return err
	}
	if !role {
		if _, err := connection.Exec(ctx, "CREATE ROLE "+name+" LOGIN"); err != nil {
			return err
		}
	}
	if !appRole {
		if _, err := connection.Exec(ctx, "CREATE ROLE "+postgres.AppRole+" NOLOGIN; GRANT "+postgres.AppRole+" TO "+name); err != nil {
			return err
		}
	}
	if options.Fast {
		if _, err := connection.Exec(ctx, "ALTER ROLE "+name+" CREATEDB"); err != nil {
			return err
		}
	}
	if !database {
		if _, err := connection.Exec(ctx, "CREATE DATABASE "+name+" OWNER "+name); err != nil {
			return err
		}
	}
	return nil
}

// postgresURL names the port too, lest a PGPORT in somebody's environment does.
func postgresURL(h *house, user, database string) string {
	query := url.Values{"host": {h.run}, "port": {"5432"}}
	return (&url.URL{Scheme: "postgres", User: url.User(user), Path: "/" + database, RawQuery: query.Encode()}).String()
}
