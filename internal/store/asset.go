package store

import (
	"context"
	"encoding/json"

	"loam"
)

const assetColumns = `id, owner, hash, type, size, width, height, millis, phash, ai, signs, credentials, at`

func scanAsset(s scanner) (loam.Asset, error) {
	var a loam.Asset
	var signs string
	err := s.Scan(&a.ID, &a.Owner, &a.Hash, &a.Type, &a.Size, &a.Width, &a.Height, &a.Millis, &a.PHash, &a.AI, &signs, &a.Credentials, &a.At)
	if err == nil {
		err = json.Unmarshal([]byte(signs), &a.Signs)
	}
	return a, err
}

// blob makes bytes live: from here on the sweep leaves their file alone.
func (t *tx) blob(ctx context.Context, hash, typ string, size int64) error {
	_, err := t.exec(ctx, `INSERT INTO blobs (hash, size, type, at) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING`, hash, size, typ, t.now)
	return err
}

// CreateAsset records bytes that already lie in the blob store as an account's own; so do its
// credentials.
func (db *DB) CreateAsset(ctx context.Context, a loam.Asset) (loam.Asset, error) {
	a.Signs = append([]loam.Sign{}, a.Signs...)
	err := db.write(ctx, func(t *tx) error {
		a.ID, a.At = t.id(), t.now
		if err := t.blob(ctx, a.Hash, a.Type, a.Size); err != nil {
			return err
		}
		if a.Credentials != "" {
			if err := t.blob(ctx, a.Credentials, "application/cbor", 0); err != nil {
				return err
			}
		}
		return t.insertAsset(ctx, a)
	})
	return a, err
}

func (t *tx) insertAsset(ctx context.Context, a loam.Asset) error {
	signs, err := json.Marshal(append([]loam.Sign{}, a.Signs...))
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO assets (`+assetColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.Owner, a.Hash, a.Type, a.Size, a.Width, a.Height, a.Millis, a.PHash, string(a.AI), string(signs), a.Credentials, a.At)
	return err
}

// Asset reads an account's own asset; another's is NotFound.
func (db *DB) Asset(ctx context.Context, owner, id string) (loam.Asset, error) {
	a, err := scanAsset(db.read().row(ctx, `SELECT `+assetColumns+` FROM assets WHERE id = ? AND owner = ?`, id, owner))
	return a, missing(err, "asset.not_found")
}

// Blobs reports which of the hashes are live.
func (db *DB) Blobs(ctx context.Context, hash string) (bool, error) {
	var n int
	err := db.read().row(ctx, `SELECT count(*) FROM blobs WHERE hash = ?`, hash).Scan(&n)
	return n > 0, err
}

// PictureHash is what intake took of a picture's bytes for comparing, NotFound if no account
// has them; "" where it was never taken by today's rules.
func (db *DB) PictureHash(ctx context.Context, hash string) (string, error) {
	var phash string
	err := db.read().row(ctx, `SELECT phash FROM assets WHERE hash = ? LIMIT 1`, hash).Scan(&phash)
	return phash, missing(err, "asset.not_found")
}

// SetPictureHash records what was taken of a picture's bytes later than at intake.
func (db *DB) SetPictureHash(ctx context.Context, hash, phash string) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `UPDATE assets SET phash = ? WHERE hash = ?`, phash, hash)
		return err
	})
}

// SoundPrint is the acoustic fingerprint that was taken of a sound's bytes, "" where none was yet,
// and how long the sound says it is; NotFound if no account has them.
func (db *DB) SoundPrint(ctx context.Context, hash string) (text string, millis int64, err error) {
	err = db.read().row(ctx, `SELECT print, millis FROM assets WHERE hash = ? ORDER BY print DESC LIMIT 1`, hash).Scan(&text, &millis)
	return text, millis, missing(err, "asset.not_found")
}

// SetSoundPrint records the acoustic fingerprint of a sound's bytes.
func (db *DB) SetSoundPrint(ctx context.Context, hash, text string) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `UPDATE assets SET print = ? WHERE hash = ?`, text, hash)
		return err
	})
}
