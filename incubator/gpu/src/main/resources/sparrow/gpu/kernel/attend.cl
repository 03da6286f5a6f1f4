// Computes the attention of row r over PART positions of one key head, for the HEADS query heads that share it. The
// output per query head contains the sum over positions of e^(score - largest) v, [HEAD_WIDTH]; the largest score; and
// the sum of e^(score - largest). merge.cl combines the parts. A part is within one page. Two items share a position
// when scores are computed.
KERNEL void NAME(
        GLOBAL const float *queries,
        GLOBAL const int *table,
        GLOBAL float *pages,
        GLOBAL float *parts,
        int queries_at,
        int queries_pitch,
        int row_pages,
        int slots,
        int layer,
        int layers,
        int kv_heads,
        int positions,
        int part_count,
        float scale) {
    LOCAL float query[HEADS * HEAD_WIDTH];
    LOCAL float scores[HEADS * (PART + 1)];
    LOCAL float largest[HEADS];
    const int r = GROUP(1) / kv_heads;
    const int kv_head = GROUP(1) % kv_heads;
    const int first = GROUP(0) * PART;
    const int seen = table[slots + r] + 1;
    // A part after the row's slot is computed with zero positions, because every item must reach the barriers.
    const int count = max(0, min(PART, seen - first));
    const int kv_width = kv_heads * HEAD_WIDTH;
    GLOBAL const float *layer_start =
            layer_of_page(pages, table, row_pages, r, min(first, seen - 1), layer, layers, kv_width, positions);
    GLOBAL const float *keys = layer_start + key_at(kv_head * HEAD_WIDTH, first, positions);
    GLOBAL const float *values = layer_start + value_at(kv_head * HEAD_WIDTH, first, kv_width, positions);

    const int from = queries_at + r * queries_pitch + kv_head * HEADS * HEAD_WIDTH;
    for (int i = ITEM(); i < HEADS * HEAD_WIDTH; i += ITEMS) query[i] = queries[from + i];
    BARRIER();
    for (int i = ITEM(); i < PART * 2; i += ITEMS) {
        const int s = i % PART;
        const int head = i / PART * SHARE;
        if (s >= count) continue;
        float sums[SHARE];
        UNROLL
        for (int h = 0; h < SHARE; h++) sums[h] = 0;
        for (int c = 0; c < HEAD_WIDTH; c++) {
            const float key = keys[c * positions + s];
            UNROLL
            for (int h = 0; h < SHARE; h++) sums[h] = fma(key, query[min(head + h, HEADS - 1) * HEAD_WIDTH + c], sums[h]);
        }
        UNROLL
        for (int h = 0; h < SHARE; h++) {
            if (head + h < HEADS) scores[(head + h) * (PART + 1) + s] = sums[h] * scale;
        }
    }
    BARRIER();
    if (ITEM() < HEADS) {
        float most = scores[ITEM() * (PART + 1)];
        for (int s = 1; s < count; s++) most = fmax(most, scores[ITEM() * (PART + 1) + s]);
        largest[ITEM()] = most;
    }
    BARRIER();
    for (int i = ITEM(); i < HEADS * PART; i += ITEMS) {
        const int at = i / PART * (PART + 1) + i % PART;
        if (i % PART < count) scores[at] = exp(scores[at] - largest[i / PART]);
    }
    BARRIER();
    GLOBAL float *to = parts + ((long) GROUP(1) * HEADS * part_count + GROUP(0)) * (HEAD_WIDTH + 2);
    const long stride = (long) part_count * (HEAD_WIDTH + 2);
    for (int c = ITEM(); c < HEAD_WIDTH; c += ITEMS) {
        float sums[HEADS];
        for (int h = 0; h < HEADS; h++) sums[h] = 0;
        for (int s = 0; s < count; s++) {
            const float value = values[s * HEAD_WIDTH + c];
            UNROLL
            for (int h = 0; h < HEADS; h++) sums[h] = fma(scores[h * (PART + 1) + s], value, sums[h]);
        }
        for (int h = 0; h < HEADS; h++) to[h * stride + c] = sums[h];
    }
    if (ITEM() < HEADS) {
        float sum = 0;
        for (int s = 0; s < count; s++) sum += scores[ITEM() * (PART + 1) + s];
        to[ITEM() * stride + HEAD_WIDTH] = largest[ITEM()];
        to[ITEM() * stride + HEAD_WIDTH + 1] = sum;
    }
}
