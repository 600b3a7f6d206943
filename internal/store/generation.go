package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"loam"
)

const generationColumns = `id, account, work, purpose, key, model, input, output, text, state, error, tokens, cost, started, ended, prompt, params`

// textColumns are the same without the prompt, which is long and needed only in the record.
const textColumns = `id, account, work, purpose, key, model, input, output, text, state, error, tokens, cost, started, ended, '', '{}'`

func scanGeneration(s scanner) (loam.Generation, error) {
	var g loam.Generation
	var params string
	err := s.Scan(&g.ID, &g.Account, &g.Work, &g.Purpose, &g.Key, &g.Model, &g.Input, &g.Output, &g.Text, &g.State,
		&g.Error, &g.Tokens, &g.Cost, &g.Started, &g.Ended, &g.Prompt, &params)
	if err != nil {
		return g, err
	}
	return g, json.Unmarshal([]byte(params), &g.Params)
}

// BeginGeneration commits a model call as calling before anything is sent. fresh is false
// where the account's key was used before: then the call must not be made again; used for
// another work or purpose it is a Conflict, "generation.key_used". g.Cost is
// the most it may come to: it is reserved in this transaction, so that two calls at once
// cannot pass the account's cap of a legal day (micro-yuan, 0: none); beyond it the call is
// Limited, "spend.cap".
func (db *DB) BeginGeneration(ctx context.Context, g loam.Generation, dayCap int64) (out loam.Generation, fresh bool, err error) {
	if g.Params == nil {
		g.Params = map[string]string{}
	}
	params, err := json.Marshal(g.Params)
	if err != nil {
		return g, false, err
	}
	err = db.write(ctx, func(t *tx) error {
		out, err = scanGeneration(t.row(ctx, `SELECT `+generationColumns+` FROM generations WHERE account = ? AND key = ?`, g.Account, g.Key))
		if err == nil && (out.Work != g.Work || out.Purpose != g.Purpose) {
			return loam.Fail(loam.Conflict, "generation.key_used")
		}
		if err == nil || !errors.Is(err, sql.ErrNoRows) {
			fresh = false
			return err
		}
		if g.Cost > 0 && dayCap > 0 {
			spent, err := t.spent(ctx, g.Account, t.now)
			if err != nil {
				return err
			}
			if spent+g.Cost > dayCap {
				return loam.Fail(loam.Limited, "spend.cap", loam.Yuan(spent), loam.Yuan(g.Cost), loam.Yuan(dayCap))
			}
		}
		g.ID, g.Started, g.State = t.id(), t.now, loam.Calling
		out, fresh = g, true
		_, err = t.exec(ctx, `INSERT INTO generations (id, account, work, purpose, key, model, input, state, cost, started, prompt, params) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			g.ID, g.Account, g.Work, g.Purpose, g.Key, g.Model, g.Input, string(g.State), g.Cost, g.Started, g.Prompt, string(params))
		return err
	})
	return out, fresh, err
}

// KeepGeneration stores the text received so far, so that a reload or crash loses none.
func (db *DB) KeepGeneration(ctx context.Context, id, text string) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `UPDATE generations SET text = ? WHERE id = ? AND state = 'calling'`, text, id)
		return err
	})
}

// EndGeneration settles a call once; a second settling changes nothing.
func (db *DB) EndGeneration(ctx context.Context, g loam.Generation) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `UPDATE generations SET state = ?, error = ?, text = ?, output = ?, tokens = ?, cost = ?, ended = ? WHERE id = ? AND state = 'calling'`,
			string(g.State), g.Error, g.Text, g.Output, g.Tokens, g.Cost, t.now, g.ID)
		if err != nil {
			return err
		}
		return t.event(ctx, g.Account, "generation", g.ID)
	})
}

// LoseGenerations marks calls begun before a moment and never settled as unknown: their
// text is kept, their cost counts as spent, and no machine asks again. A process that
// owns the database alone calls it at start with now; several ask with an hour ago.
func (db *DB) LoseGenerations(ctx context.Context, before int64) (int64, error) {
	var n int64
	err := db.write(ctx, func(t *tx) error {
		var err error
		n, err = t.exec(ctx, `UPDATE generations SET state = 'unknown', error = 'generation.interrupted', ended = ? WHERE state = 'calling' AND started <= ?`, t.now, before)
		return err
	})
	return n, err
}

// Generation reads an account's own model call.
func (db *DB) Generation(ctx context.Context, account, id string) (loam.Generation, error) {
	g, err := scanGeneration(db.read().row(ctx, `SELECT `+generationColumns+` FROM generations WHERE id = ? AND account = ?`, id, account))
	return g, missing(err, "generation.not_found")
}

// Generated lists an account's latest model texts, newest first: what pasted text is
// compared with to find its origin.
func (db *DB) Generated(ctx context.Context, account string, limit int) ([]loam.Generation, error) {
	return all(ctx, db.read(), scanGeneration, `SELECT `+textColumns+` FROM generations
		WHERE account = ? AND text <> '' ORDER BY started DESC LIMIT ?`, account, limit)
}

// Generations lists the model calls of a work, newest first: its record of who was asked
// what and what it cost.
func (db *DB) Generations(ctx context.Context, account, work string, limit int) ([]loam.Generation, error) {
	return all(ctx, db.read(), scanGeneration, `SELECT `+generationColumns+` FROM generations
		WHERE account = ? AND work = ? ORDER BY started DESC, id DESC LIMIT ?`, account, work, limit)
}

// Spent is what an account's model calls came to on the legal day of now, with what running
// ones have reserved, in micro-yuan.
func (db *DB) Spent(ctx context.Context, account string) (int64, error) {
	return db.read().spent(ctx, account, db.clock.Now())
}

func (q querier) spent(ctx context.Context, account string, now int64) (sum int64, err error) {
	err = q.row(ctx, `SELECT COALESCE(sum(cost), 0) FROM generations WHERE account = ? AND started >= ?`, account, loam.DayStart(now)).Scan(&sum)
	return sum, err
}
