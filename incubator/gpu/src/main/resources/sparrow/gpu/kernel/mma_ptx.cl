// MMA_BF16(d, a, b): the 32 items of a warp add a product of matrices to one, d [16, 8] += a [16, 16] * b [16, 8], of which each
// item holds a part: d four f32, a four words and b two words of two bf16, the lower half first. Item i of the warp has, with g =
// i / 4 and t = i % 4:
//     d: row g, columns 2 t and 2 t + 1; row g + 8, the same columns
//     a: columns 2 t and 2 t + 1 of row g, of row g + 8; columns 2 t + 8 and 2 t + 9 of row g, of row g + 8
//     b: rows 2 t and 2 t + 1 of column g; rows 2 t + 8 and 2 t + 9 of it
// (PTX ISA, fragments of mma.m16n8k16 for .bf16). Here by the instruction, which devices of compute capability 8.0 and more
// have. All items of a warp must come by.
#define MMA_MEMORY
#define MMA_BF16(d, a, b)                                                                              \
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "                                \
                 "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"                     \
                 : "+f"((d)[0]), "+f"((d)[1]), "+f"((d)[2]), "+f"((d)[3])                              \
                 : "r"((a)[0]), "r"((a)[1]), "r"((a)[2]), "r"((a)[3]), "r"((b)[0]), "r"((b)[1]));
