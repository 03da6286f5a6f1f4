// bf16 is the upper half of an f32.

// Packs two bf16 numbers into a word, the first one in the lower half.
#define TWO_BF16(first, second) ((uint) AS_INT(first) >> 16 | ((uint) AS_INT(second) & 0xffff0000u))

// Rounds to the nearest bf16, ties to even. NVIDIA's NaN has all bits set; rounding would convert it to zero.
DEVICE float nearest_bf16(float number) {
    const uint bits = (uint) AS_INT(number);
    return number == number ? AS_FLOAT((bits + 0x7fffu + (bits >> 16 & 1)) & 0xffff0000u) : number;
}
