package store

import (
	"context"
	"encoding/json"
)

// Topics counts the tags of public notes that may be found, over the newest notes at most.
func (db *DB) Topics(ctx context.Context, notes int) (map[string]int, error) {
	list, err := all(ctx, db.read(), scanString, `SELECT v.content FROM releases r JOIN versions v ON v.id = r.version
		JOIN permits u ON u.work = r.work AND u.name = 'index'`+holds+`WHERE r.form = '' AND r.removed_at = 0 AND r.audience = 'public' AND r.reach = 'allow' ORDER BY r.released_at DESC LIMIT ?`, db.clock.Now(), db.clock.Now(), notes)
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	for _, doc := range list {
		var c struct{ Tags []string }
		if err := json.Unmarshal([]byte(doc), &c); err != nil {
			return nil, err
		}
		for _, t := range c.Tags {
			out[t]++
		}
	}
	return out, nil
}
