package embedded

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// StartRedis runs Redis with its data in options.Dir/redis and returns when it
// answers. What it holds survives a restart, but for the last second when the
// machine dies; nothing of ours depends on even that.
func StartRedis(ctx context.Context, options Options, progress func(string)) (*Server, error) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, errors.New("redis-server is not installed: install it (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis), or give the address of one that runs with HOCSO_REDIS_URL")
	}
	h, err := prepare(options, "redis")
	if err != nil {
		return nil, err
	}
	s, err := startRedis(ctx, h, options, program, progress)
	if err != nil {
		h.close()
		return nil, err
	}
	return s, nil
}

func startRedis(ctx context.Context, h *house, options Options, program string, progress func(string)) (*Server, error) {
	if err := ownDir(h.data, h.account); err != nil {
		return nil, err
	}
	// Redis would take over the socket of one that still runs and leave both
	// writing to the same files.
	pidFile := filepath.Join(h.data, "redis.pid")
	if err := stopOrphan(ctx, pidFile, h.data, syscall.SIGTERM, progress); err != nil {
		return nil, err
	}
	socket := filepath.Join(h.run, "redis.sock")
	durable := "yes"
	if options.Fast {
		durable = "no"
	}
	s, err := start(h, "Redis", []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL}, program,
		"--port", "0", // no network
		"--unixsocket", socket,
		"--unixsocketperm", "700",
		"--dir", h.data,
		"--pidfile", pidFile,
		"--appendonly", durable,
		"--appendfsync", "everysec",
		"--save", "", // the append-only file is enough
		"--maxmemory-policy", "noeviction", // a bell must not vanish to make room
	)
	if err != nil {
		return nil, err
	}
	if err := s.waitReady(ctx, func() bool { return redisReady(socket) }, progress); err != nil {
		return nil, err
	}
	s.url = (&url.URL{Scheme: "redis-socket", Path: socket, RawQuery: "db=0"}).String()
	return s, nil
}

// redisReady asks once: Redis says -LOADING while it reads its file.
func redisReady(socket string) bool {
	connection, err := net.DialTimeout("unix", socket, time.Second)
	if err != nil {
		return false
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return false
	}
	if _, err := connection.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	answer, err := bufio.NewReader(connection).ReadString('\n')
	return err == nil && strings.HasPrefix(answer, "+PONG")
}
