package main

import (
	"net"
	"sync"
	"time"
)

// firstWord is how long a connection has, once we stop, to say what it was
// opened for.
const firstWord = time.Second

// listener remembers the connections on which nothing has been sent yet.
// Browsers open some ahead of need; the server counts them as requests under
// way, and without this one of them would hold a shutdown up to its limit.
type listener struct {
	net.Listener

	mu     sync.Mutex
	silent map[*connection]struct{}
}

func remember(l net.Listener) *listener {
	return &listener{Listener: l, silent: map[*connection]struct{}{}}
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &connection{Conn: accepted, of: l, silent: true}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.silent[c] = struct{}{}
	return c, nil
}

// Close implements net.Listener; soon after, it also closes the connections
// that are still silent.
func (l *listener) Close() error {
	time.AfterFunc(firstWord, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		for c := range l.silent {
			c.Conn.Close()
		}
	})
	return l.Listener.Close()
}

// connection forgets itself in its listener at the first byte, or when it ends.
type connection struct {
	net.Conn
	of     *listener
	silent bool // read and written by the one goroutine that reads the connection
}

// Read implements net.Conn.
func (c *connection) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.silent {
		c.silent = false
		c.of.mu.Lock()
		defer c.of.mu.Unlock()
		delete(c.of.silent, c)
	}
	return n, err
}
