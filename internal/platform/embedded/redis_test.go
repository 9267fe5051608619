package embedded

import (
	"testing"

	"github.com/hibiken/asynq"
)

func TestRedisKeepsDataOverARestart(t *testing.T) {
	t.Parallel()
	options := Options{Dir: newDir(t)}
	first := startedRedis(t, options)
	if got := ask(t, first, "SET kept 1"); got != "+OK" {
		t.Fatal(got)
	}
	stop(t, first)
	if got := ask(t, startedRedis(t, options), "EXISTS kept"); got != ":1" {
		t.Errorf("got %q", got)
	}
}

func TestRedisAddressIsAsynqs(t *testing.T) {
	t.Parallel()
	s := startedRedis(t, Options{Dir: newDir(t), Fast: true})
	option, err := asynq.ParseRedisURI(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	client := asynq.NewClient(option)
	defer client.Close()
	if err := client.Ping(); err != nil {
		t.Error(err)
	}
}
