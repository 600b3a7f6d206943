package main

import (
	"context"
	"encoding/json"
)

// arrangedSetting holds every value label.arranged has had and from when: whether text
// arranged by rules alone counts as made by a machine (deep-synthesis rules Art. 17(1)) is a
// legal choice, and which one held on a day has to be known afterwards.
const arrangedSetting = "label.arranged"

// arrangedFrom is one value of label.arranged.
type arrangedFrom struct {
	Value string `json:"value"` // is, none
	From  int64  `json:"from"`
}

// recordArranged writes a change of label.arranged down; a start with the same value writes
// nothing.
func (n *node) recordArranged(ctx context.Context) error {
	list, err := n.arrangedRecord(ctx)
	if err != nil {
		return err
	}
	now := n.config.LabelArranged
	if len(list) > 0 && list[len(list)-1].Value == now {
		return nil
	}
	raw, err := json.Marshal(append(list, arrangedFrom{now, n.clock.Now()}))
	if err != nil {
		return err
	}
	n.log.InfoContext(ctx, "label.arranged", "value", now)
	return n.db.SetSetting(ctx, arrangedSetting, string(raw))
}

func (n *node) arrangedRecord(ctx context.Context) ([]arrangedFrom, error) {
	raw, err := n.db.Setting(ctx, arrangedSetting)
	if err != nil || raw == "" {
		return nil, err
	}
	var list []arrangedFrom
	return list, json.Unmarshal([]byte(raw), &list)
}
