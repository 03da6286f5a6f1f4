// Multiplies 32 nibbles, 0 to 15, with 32 signed bytes and adds the products. The low nibbles of the bytes are the
// first 16.
int dot_q4_0(uint4 w, uint4 first, uint4 second) {
    const uint low = 0x0f0f0f0f;
    int sum = DOT4(w.x & low, first.x, 0);
    sum = DOT4(w.y & low, first.y, sum);
    sum = DOT4(w.z & low, first.z, sum);
    sum = DOT4(w.w & low, first.w, sum);
    sum = DOT4(w.x >> 4 & low, second.x, sum);
    sum = DOT4(w.y >> 4 & low, second.y, sum);
    sum = DOT4(w.z >> 4 & low, second.z, sum);
    return DOT4(w.w >> 4 & low, second.w, sum);
}
