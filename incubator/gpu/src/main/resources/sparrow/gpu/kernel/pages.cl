// Keys and values lie in pages of so many positions. A page holds every layer, one behind the other: keys
// [key heads * HEAD_WIDTH, positions], so that neighbouring items read neighbouring positions, then values
// [key heads, positions, HEAD_WIDTH]. A table says which page a row's sequence has where: the list of its pages begins at an
// index that stands at row_pages + r.

// Where a layer lies in the page that holds a slot of row r.
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
