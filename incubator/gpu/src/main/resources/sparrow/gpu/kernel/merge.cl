// mixed[r, head] = the combination of the parts computed by attend.cl, in order. One work-group per row and query head.
KERNEL void NAME(
        GLOBAL const float *parts,
        GLOBAL const int *table,
        GLOBAL float *mixed,
        int slots,
        int part_count,
        int mixed_at,
        int mixed_pitch) {
    const int head = GROUP(0);
    const int r = GROUP(1);
    const int heads = GROUPS(0);
    const int count = table[slots + r] / PART + 1;
    GLOBAL const float *from = parts + ((long) r * heads + head) * part_count * (HEAD_WIDTH + 2);
    float largest = from[HEAD_WIDTH];
    for (int p = 1; p < count; p++) largest = fmax(largest, from[p * (HEAD_WIDTH + 2) + HEAD_WIDTH]);
    for (int c = ITEM(); c < HEAD_WIDTH; c += ITEMS) {
        float total = 0;
        float sum = 0;
        for (int p = 0; p < count; p++) {
            GLOBAL const float *part = from + p * (HEAD_WIDTH + 2);
            const float weight = exp(part[HEAD_WIDTH] - largest);
            total = fma(weight, part[c], total);
            sum = fma(weight, part[HEAD_WIDTH + 1], sum);
        }
        mixed[mixed_at + (long) r * mixed_pitch + head * HEAD_WIDTH + c] = total / sum;
    }
}
