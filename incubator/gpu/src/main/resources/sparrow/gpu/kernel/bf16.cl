// bf16 is the upper half of an f32.

// Two numbers that are bf16, in a word; the first one is the lower half.
#define TWO_BF16(first, second) ((uint) AS_INT(first) >> 16 | ((uint) AS_INT(second) & 0xffff0000u))

// The nearest bf16, halves to the even one. NVIDIA's NaN has all bits set, of which rounding would make a zero.
DEVICE float nearest_bf16(float number) {
    const uint bits = (uint) AS_INT(number);
    return number == number ? AS_FLOAT((bits + 0x7fffu + (bits >> 16 & 1)) & 0xffff0000u) : number;
}
