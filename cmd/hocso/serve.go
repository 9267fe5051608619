package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/platform/config"
	"hocso/internal/web"
)

// graceful is how long requests under way may take once we are asked to stop.
const graceful = 15 * time.Second

type serveCmd struct{}

// Run serves the site until it is told to stop.
func (serveCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	a, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.signRecords(ctx); err != nil {
		return err
	}
	listener, err := listen(cfg.Addr, "HOCSO_ADDR")
	if err != nil {
		return err
	}
	return a.serve(ctx, listener)
}

// listen takes the address before anything else is promised to anybody;
// variable is where it was set.
func listen(addr, variable string) (net.Listener, error) {
	plain, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is taken by another program; stop it or set %s to another address", addr, variable)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %q: %w; set %s to host:port", addr, err, variable)
	}
	return remember(plain), nil
}

// serve answers on the listener until ctx ends, then lets requests finish.
func (a *app) serve(ctx context.Context, listener net.Listener) error {
	site := web.New(a.webDeps())
	failed := make(chan error, 1)
	go func() { failed <- site.Listener(listener) }()
	a.log.Info("serving", "addr", listener.Addr().String(), "signs_records", a.signer != nil)
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		return shutDown(site)
	}
}

func shutDown(site *fiber.App) error {
	ctx, cancel := context.WithTimeout(context.Background(), graceful)
	defer cancel()
	if err := site.ShutdownWithContext(ctx); err != nil {
		return fmt.Errorf("some requests were cut off: %w", err)
	}
	return nil
}
