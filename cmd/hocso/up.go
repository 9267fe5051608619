package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"hocso/content"
	"hocso/internal/authoring"
	"hocso/internal/jobs"
	"hocso/internal/platform/config"
	"hocso/internal/platform/embedded"
)

type upCmd struct{}

// Run starts what is missing, brings the database up to date, serves and
// works, until it is told to stop; then it stops what it started.
func (upCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	listener, err := listen(cfg.Addr, "HOCSO_ADDR") // before anything slow: the address may be taken
	if err != nil {
		return err
	}
	defer listener.Close()

	dir, err := dataDir(cfg)
	if err != nil {
		return err
	}
	servers, err := startServers(ctx, cfg, dir)
	if err != nil {
		return err
	}
	defer servers.stop()

	if err := keepKey(cfg, dir); err != nil {
		return err
	}
	if err := migrate(ctx, cfg, func(name string) { say("migration " + name) }); err != nil {
		return err
	}
	a, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.prepare(ctx); err != nil {
		return err
	}
	if err := a.signRecords(ctx); err != nil {
		return err
	}
	fmt.Printf("\n  Học Số: http://%s\n\n", listener.Addr())

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return a.serve(ctx, listener) })
	group.Go(func() error { return jobs.Run(ctx, a.jobDeps()) })
	group.Go(func() error { return servers.watch(ctx) })
	return group.Wait()
}

// prepare imports the courses that came with the program and, in
// demo mode, loads the demonstration.
func (a *app) prepare(ctx context.Context) error {
	if err := authoring.NewService(a.db).ImportAll(ctx, content.FS, say); err != nil {
		return err
	}
	if a.cfg.Demo {
		if err := a.loadDemo(ctx); err != nil {
			return err
		}
	}
	return nil
}

// servers are the PostgreSQL and Redis that we started ourselves.
type servers []*embedded.Server

// dataDir is the folder in which 'up' keeps what it needs.
func dataDir(cfg *config.Config) (string, error) {
	if cfg.DataDir == "" {
		return filepath.Abs(embedded.DefaultDir())
	}
	return filepath.Abs(cfg.DataDir)
}

// startServers starts a PostgreSQL and a Redis for whichever has no address,
// and writes their addresses into the configuration.
func startServers(ctx context.Context, cfg *config.Config, dir string) (started servers, err error) {
	if cfg.DatabaseURL == "" {
		server, err := embedded.StartPostgres(ctx, embedded.Options{Dir: dir}, say)
		if err != nil {
			return nil, err
		}
		started, cfg.DatabaseURL = append(started, server), server.URL()
	}
	if cfg.RedisURL == "" {
		server, err := embedded.StartRedis(ctx, embedded.Options{Dir: dir}, say)
		if err != nil {
			started.stop()
			return nil, err
		}
		started, cfg.RedisURL = append(started, server), server.URL()
	}
	return started, nil
}

// stop stops the servers, the last started first.
func (s servers) stop() {
	for i := len(s) - 1; i >= 0; i-- {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		if err := s[i].Stop(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "hocso:", err)
		}
		cancel()
	}
}

// watch ends with an error when one of our servers dies by itself.
func (s servers) watch(ctx context.Context) error {
	died := make(chan error, len(s))
	for _, server := range s {
		go func() {
			<-server.Done()
			died <- errors.New(strings.TrimSpace(fmt.Sprintf("a server that we started has stopped: %v", server.Err())))
		}()
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-died:
		if ctx.Err() != nil {
			return nil // it was told to stop together with us
		}
		return err
	}
}

// say tells the person at the terminal what takes its time.
func say(what string) { fmt.Println("  ·", what) }
