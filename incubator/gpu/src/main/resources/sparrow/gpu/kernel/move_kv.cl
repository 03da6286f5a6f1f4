// Copies keys and values of some slots to other pages, in every layer. Values are unchanged, and keys are rotated back
// by the distance that they move. For each move, the table contains, starting at an index, the source page and place,
// the target page and place, and the row of turns. One item per channel; GROUP(1) counts layers, then moves.
KERNEL void NAME(
        GLOBAL float *pages,
        GLOBAL const int *table,
        GLOBAL const float *turns,
        int moves,
        int layers,
        int kv_width,
        int positions,
        int n,
        int turns_pitch) {
    const int c = GROUP(0) * ITEMS + ITEM();
    if (c >= kv_width) return;
    const int layer = GROUP(1) % layers;
    GLOBAL const int *move = table + moves + GROUP(1) / layers * 5;
    const long size = 2L * kv_width * positions;
    GLOBAL const float *from = pages + ((long) move[0] * layers + layer) * size;
    GLOBAL float *to = pages + ((long) move[2] * layers + layer) * size;
    to[value_at(c, move[3], kv_width, positions)] = from[value_at(c, move[1], kv_width, positions)];
    float key = from[key_at(c, move[1], positions)];
    const int channel = c % HEAD_WIDTH;
    if (channel < n && move[4] >= 0) {
#ifdef HALVES
        const int partner = channel < n / 2 ? c + n / 2 : c - n / 2;
#else
        const int partner = c % HEAD_WIDTH % 2 == 0 ? c + 1 : c - 1;
#endif
        GLOBAL const float *turn = turns + (long) move[4] * turns_pitch;
        key = key * turn[channel] + from[key_at(partner, move[1], positions)] * turn[n + channel];
    }
    to[key_at(c, move[3], positions)] = key;
}
