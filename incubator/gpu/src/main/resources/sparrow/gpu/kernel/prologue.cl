// Macros and functions used by all kernels. A host with another language requires another prologue, but the same kernel
// sources. OpenCL C 1.2. Sums that round once are written with fma; the compiler adds no other fma, so that results do
// not depend on the variant of a kernel.
#pragma OPENCL FP_CONTRACT OFF

#define KERNEL __kernel
// Functions called by kernels.
#define DEVICE
#define GLOBAL __global
#define LOCAL __local
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)
#define UNROLL _Pragma("unroll")
#define GROUP(i) ((int) get_group_id(i))
#define ITEM() ((int) get_local_id(0))

// The f16 number at an index, as f32; does not require f16 arithmetic.
#define HALF(p, i) vload_half(i, (GLOBAL const half *) (p))
#define GROUPS(i) ((int) get_num_groups(i))
#define MINUS_INFINITY (-INFINITY)
#define AS_INT(number) as_int(number)
#define AS_FLOAT(bits) as_float(bits)

// Returns c plus the products of four pairs of signed bytes.
int DOT4(uint a, uint b, int c) {
    const char4 p = as_char4(a);
    const char4 q = as_char4(b);
    return c + p.x * q.x + p.y * q.y + p.z * q.z + p.w * q.w;
}

// Returns a / b, rounded to the nearest f32. OpenCL's division may round otherwise; a step of Newton's method corrects it.
float DIVIDE(float a, float b) {
    const float quotient = a / b;
    return fma(fma(-quotient, b, a), 1.0f / b, quotient);
}
