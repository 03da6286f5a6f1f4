// Keys and values are stored in pages of a fixed number of positions. A page contains every layer, one after another:
// keys [key heads * HEAD_WIDTH, positions], so that neighbouring items read neighbouring positions, then values [key
// heads, positions, HEAD_WIDTH]. A table contains the page list of each row's sequence; row_pages + r is the index of
// the position of row r's list.

// Returns the start of a layer in the page that contains a slot of row r.
DEVICE GLOBAL float *layer_of_page(
        GLOBAL float *pages, GLOBAL const int *table, int row_pages, int r, int slot, int layer, int layers, int kv_width, int positions) {
    const int page = table[table[row_pages + r] + slot / positions];
    return pages + ((long) page * layers + layer) * 2 * kv_width * positions;
}

DEVICE int key_at(int channel, int slot, int positions) {
    return channel * positions + slot % positions;
}

DEVICE int value_at(int channel, int slot, int kv_width, int positions) {
    return (kv_width + channel / HEAD_WIDTH * HEAD_WIDTH) * positions + slot % positions * HEAD_WIDTH + channel % HEAD_WIDTH;
}
