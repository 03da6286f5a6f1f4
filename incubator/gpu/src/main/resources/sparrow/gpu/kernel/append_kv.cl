// Stores the key and the value of each row in its slot of a layer. One item per channel.
KERNEL void NAME(
        GLOBAL const float *keys,
        GLOBAL const float *values,
        GLOBAL const int *table,
        GLOBAL float *pages,
        int keys_at,
        int keys_pitch,
        int values_at,
        int values_pitch,
        int row_pages,
        int slots,
        int layer,
        int layers,
        int kv_width,
        int positions) {
    const int c = GROUP(0) * ITEMS + ITEM();
    if (c >= kv_width) return;
    const int r = GROUP(1);
    const int slot = table[slots + r];
    GLOBAL float *to = layer_of_page(pages, table, row_pages, r, slot, layer, layers, kv_width, positions);
    to[key_at(c, slot, positions)] = keys[keys_at + (long) r * keys_pitch + c];
    to[value_at(c, slot, kv_width, positions)] = values[values_at + (long) r * values_pitch + c];
}
