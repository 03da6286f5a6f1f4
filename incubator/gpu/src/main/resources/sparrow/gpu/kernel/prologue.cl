// Words that every kernel is written in, so that a host with another language needs another prologue and the same bodies.
// OpenCL C 1.2. Sums are written with fma where one rounding is meant; the compiler adds none, so that what is computed does
// not depend on the variant of a kernel.
#pragma OPENCL FP_CONTRACT OFF

#define KERNEL __kernel
// What kernels call.
#define DEVICE
#define GLOBAL __global
#define LOCAL __local
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)
#define UNROLL _Pragma("unroll")
#define GROUP(i) ((int) get_group_id(i))
#define ITEM() ((int) get_local_id(0))

// An f16 number that is stored at an index, as f32; needs no arithmetic on f16.
#define HALF(p, i) vload_half(i, (GLOBAL const half *) (p))
#define GROUPS(i) ((int) get_num_groups(i))
#define MINUS_INFINITY (-INFINITY)
#define AS_INT(number) as_int(number)
#define AS_FLOAT(bits) as_float(bits)

// c plus the products of four pairs of signed bytes.
int DOT4(uint a, uint b, int c) {
    const char4 p = as_char4(a);
    const char4 q = as_char4(b);
    return c + p.x * q.x + p.y * q.y + p.z * q.z + p.w * q.w;
}

// a / b, rounded to the nearest f32, which OpenCL's division need not be: one step of Newton's method mends it.
float DIVIDE(float a, float b) {
    const float quotient = a / b;
    return fma(fma(-quotient, b, a), 1.0f / b, quotient);
}
