// The function of mma_ptx.cl without its instruction, so that everything except the instruction can be tested on any
// device. Items store their parts of a and b in local memory, and each item reads the parts that its part of d
// requires. All items of a work-group of 256 must reach this code.
#define MMA_MEMORY LOCAL uint mma_memory[256 * 6];
#define MMA_BF16(d, a, b)                                                              \
    {                                                                                  \
        UNROLL                                                                         \
        for (int part = 0; part < 4; part++) mma_memory[6 * ITEM() + part] = (a)[part]; \
        UNROLL                                                                         \
        for (int part = 0; part < 2; part++) mma_memory[6 * ITEM() + 4 + part] = (b)[part]; \
        BARRIER();                                                                     \
        UNROLL                                                                         \
        for (int number = 0; number < 4; number++) {                                   \
            const int of_a = ITEM() % 32 / 4;                                          \
            const int of_b = ITEM() % 4 * 2 + number % 2;                              \
            UNROLL                                                                     \
            for (int k = 0; k < 16; k++) {                                             \
                const int from_a = ITEM() / 32 * 32 + 4 * of_a + k % 8 / 2;            \
                const int from_b = ITEM() / 32 * 32 + 4 * of_b + k % 8 / 2;            \
                const uint two_of_a = mma_memory[6 * from_a + number / 2 + k / 8 * 2]; \
                const uint two_of_b = mma_memory[6 * from_b + 4 + k / 8];              \
                (d)[number] = fma(BF16(two_of_a, k % 2), BF16(two_of_b, k % 2), (d)[number]); \
            }                                                                          \
        }                                                                              \
        BARRIER();                                                                     \
    }
#define BF16(two, upper) AS_FLOAT((upper) == 0 ? (two) << 16 : (two) & 0xffff0000u)
