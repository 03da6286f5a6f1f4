// MMA_BF16(d, a, b): the 32 items of a warp add a matrix product, d [16, 8] += a [16, 16] * b [16, 8]. Each item holds
// a part: four f32 of d, and four words of a and two words of b, with two bf16 per word, the lower half first. Item i
// of the warp holds, with g = i / 4 and t = i % 4:
//     d: row g, columns 2 t and 2 t + 1; row g + 8, the same columns
//     a: columns 2 t and 2 t + 1 of row g, of row g + 8; columns 2 t + 8 and 2 t + 9 of row g, of row g + 8
//     b: rows 2 t and 2 t + 1 of column g; rows 2 t + 8 and 2 t + 9 of column g
// (PTX ISA, fragments of mma.m16n8k16 for .bf16). This version uses the instruction, which requires compute capability
// 8.0 or higher. All items of a warp must reach this code.
#define MMA_MEMORY
#define MMA_BF16(d, a, b)                                                                              \
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "                                \
                 "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"                     \
                 : "+f"((d)[0]), "+f"((d)[1]), "+f"((d)[2]), "+f"((d)[3])                              \
                 : "r"((a)[0]), "r"((a)[1]), "r"((a)[2]), "r"((a)[3]), "r"((b)[0]), "r"((b)[1]));
