package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"time"
)

// Sessions is the session store of scs, over tokens that scs already hashed.
type Sessions struct{ db *DB }

// Sessions gives the session store.
func (db *DB) Sessions() Sessions { return Sessions{db} }

// Find reads a live session's data.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit writes a session.
func (s Sessions) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete ends a session.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// FindCtx reads a live session's data.
func (s Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data string
	err := s.db.read().row(ctx, `SELECT data FROM sessions WHERE token = ? AND expires > ?`, token, s.db.clock.Now()).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	b, err := base64.StdEncoding.DecodeString(data)
	return b, err == nil, err
}

// CommitCtx writes a session, and sweeps a few dead ones with it.
func (s Sessions) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	return s.db.write(ctx, func(t *tx) error {
		if _, err := t.exec(ctx, `DELETE FROM sessions WHERE expires < ?`, t.now); err != nil {
			return err
		}
		_, err := t.exec(ctx, `INSERT INTO sessions (token, data, expires) VALUES (?, ?, ?)
			ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires = excluded.expires`,
			token, base64.StdEncoding.EncodeToString(b), expiry.UnixMilli())
		return err
	})
}

// DeleteCtx ends a session.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM sessions WHERE token = ?`, token)
		return err
	})
}
