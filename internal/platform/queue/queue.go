// Package queue rings the doorbells. What must happen later is first a state
// in PostgreSQL; a task in Redis only says "look again", names a kind of work
// and carries nothing else. So a lost, doubled or late task changes nothing.
package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// Kind names a kind of work, as "room:verb".
type Kind string

const (
	// name is the one Asynq queue that all bells ring in.
	name = "hocso"
	// answerLimit is how long one try of a command waits for a Redis that
	// hangs; go-redis heeds no shorter limit of a context.
	answerLimit = time.Second
)

// Redis is a connection to the Redis that carries the bells.
type Redis struct {
	client    redis.UniversalClient
	inspector *asynq.Inspector
}

// Open reads the address (redis://…, rediss://…, redis-socket:///path?db=0 or
// redis-sentinel://…) and makes a client. It does not wait for Redis: the
// product works without it, only slower (see Work's sweep).
func Open(address string) (*Redis, error) {
	if _, err := url.Parse(address); err != nil {
		// The error itself would quote the address, password and all.
		return nil, errors.New("Redis address: not of the form redis://host:6379/0 (in a password write %2F for /, %23 for #, %40 for @)")
	}
	option, err := asynq.ParseRedisURI(address)
	if err != nil {
		return nil, fmt.Errorf("Redis address: %w", err)
	}
	switch o := option.(type) {
	case asynq.RedisClientOpt:
		o.DialTimeout, o.ReadTimeout = answerLimit, answerLimit
		option = o
	case asynq.RedisFailoverClientOpt:
		o.DialTimeout, o.ReadTimeout = answerLimit, answerLimit
		option = o
	}
	client, ok := option.MakeRedisClient().(redis.UniversalClient)
	if !ok {
		return nil, errors.New("Redis address: no client for it")
	}
	return &Redis{client: client, inspector: asynq.NewInspectorFromRedisClient(client)}, nil
}

// Ping checks that Redis answers within a second.
func (r *Redis) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return r.client.Ping(ctx).Err()
}

// Close closes the connection.
func (r *Redis) Close() error { return r.client.Close() }

// Quiet keeps go-redis from writing its own lines beside our structured log;
// what matters reaches us as errors.
func Quiet() { redis.SetLogger(silent{}) }

type silent struct{}

// Printf drops the line.
func (silent) Printf(context.Context, string, ...any) {}

// asynqLog passes Asynq's own lines to slog: its chatter as debug, its warnings as they are.
type asynqLog struct{ log *slog.Logger }

func (l asynqLog) Debug(args ...any) { l.log.Debug(fmt.Sprint(args...)) }
func (l asynqLog) Info(args ...any)  { l.log.Debug(fmt.Sprint(args...)) }
func (l asynqLog) Warn(args ...any)  { l.log.Warn(fmt.Sprint(args...)) }
func (l asynqLog) Error(args ...any) { l.log.Warn(fmt.Sprint(args...)) }
func (l asynqLog) Fatal(args ...any) { l.log.Error(fmt.Sprint(args...)) }
