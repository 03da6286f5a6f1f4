// Sets the scores of padding rows to negative infinity.
KERNEL void NAME(GLOBAL float *scores, GLOBAL const int *masked, int count, int at, int pitch) {
    const int i = GROUP(0) * ITEMS + ITEM();
    if (i < count) scores[at + (long) GROUP(1) * pitch + masked[i]] = MINUS_INFINITY;
}
