package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"loam"
	"loam/internal/label"
	"loam/internal/web"
)

// serveCmd serves a community until it is told to stop.
type serveCmd struct {
	config
}

// Run listens first, so that /healthz answers at once, then opens the installation.
func (c *serveCmd) Run(a *app) error {
	if err := c.check(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(a.ctx)
	defer cancel()
	level := slog.LevelInfo
	if c.Demo {
		level = slog.LevelWarn // the address stays in sight
	}
	log := newLogger(a, c.Log, level)
	front := &frontDoor{}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: front, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx }, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	n, err := openNode(ctx, c.config, time.Now, log)
	if err != nil {
		return errors.Join(err, server.Close())
	}
	err = c.run(ctx, a, n, front, l.Addr().String(), failed)
	cancel() // ends event streams, so that Shutdown need not wait for them
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer done()
	return errors.Join(err, server.Shutdown(stop), n.close(stop))
}

// run serves until the context ends or the listener fails.
func (c *serveCmd) run(ctx context.Context, a *app, n *node, front *frontDoor, addr string, failed <-chan error) error {
	front.open(n.server)
	base := n.config.base(addr)
	link, err := n.firstLink(ctx, base)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "Loam 沃土 is at %s\n", base)
	if n.config.LabelProducer == "" && !n.config.Demo {
		fmt.Fprintln(a.out, "LOAM_LABEL_PRODUCER is not set: what a model wrote cannot be published")
	}
	if label.IsPropagator(n.config.LabelProducer) {
		fmt.Fprintln(a.out, propagatorSaid("LOAM_LABEL_PRODUCER", n.config.LabelProducer))
	}
	if link != "" {
		fmt.Fprintf(a.out, "First administrator, good for one day and one use: %s\n", link)
	}
	if err := n.begin(ctx); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		n.log.InfoContext(ctx, "stopping")
		return nil
	case err := <-failed:
		return err
	}
}

// firstLink makes the one-time link of the first administrator, "" where there is one.
func (n *node) firstLink(ctx context.Context, base string) (string, error) {
	staffed, err := n.db.Staffed(ctx)
	if err != nil || staffed || n.config.Demo {
		return "", err
	}
	token := loam.NewSecret()
	roles := []loam.Role{loam.Creator, loam.Admin}
	return base + "/app/setup?token=" + token, n.db.CreateInvite(ctx, web.Digest(token), roles)
}

// begin fills the demo community where one is asked for, runs the queue, and says that the
// server is ready. The demo's first notes go down the line before the queue runs, so that
// no stage works twice.
func (n *node) begin(ctx context.Context) error {
	if n.config.Demo {
		if err := n.fillDemo(ctx); err != nil {
			return err
		}
	}
	if err := n.start(ctx); err != nil {
		return err
	}
	n.filled.Store(true)
	if n.config.Demo {
		n.background.Go(func() { n.fillRest(ctx) })
	}
	return nil
}

// frontDoor answers until the installation is open: 200 on /healthz, 503 elsewhere.
type frontDoor struct{ inner atomic.Pointer[web.Server] }

func (f *frontDoor) open(s *web.Server) { f.inner.Store(s) }

// ServeHTTP implements http.Handler.
func (f *frontDoor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s := f.inner.Load(); s != nil {
		s.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.URL.Path == "/healthz" {
		fmt.Fprintln(w, "ok")
		return
	}
	w.Header().Set("Retry-After", "1")
	w.WriteHeader(http.StatusServiceUnavailable)
	fmt.Fprintln(w, "starting")
}

func newLogger(a *app, form string, level slog.Level) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if form == "json" {
		return slog.New(slog.NewJSONHandler(a.err, o))
	}
	return slog.New(slog.NewTextHandler(a.err, o))
}
