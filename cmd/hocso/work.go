package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"hocso/internal/jobs"
	"hocso/internal/platform/config"
)

type workCmd struct{}

// Run works until it is told to stop.
func (workCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	a, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	group, ctx := errgroup.WithContext(ctx)
	if cfg.WorkAddr != "" {
		listener, err := listen(cfg.WorkAddr, "HOCSO_WORK_ADDR")
		if err != nil {
			return err
		}
		group.Go(func() error { return a.watchWork(ctx, listener) })
	}
	group.Go(func() error { return jobs.Run(ctx, a.jobDeps()) })
	return group.Wait()
}

// watchWork serves a worker's health and metrics on an address of its own.
func (a *app) watchWork(ctx context.Context, listener net.Listener) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	mux.Handle("GET /metrics", a.metrics.Handler())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}
