// The macros and functions of prologue.cl in CUDA C++ for NVRTC, without headers. Kernel sources are OpenCL C;
// functions with a common name in both languages (uint4, float4, fma, exp, sqrt) need no definition. LOCAL declares
// memory, and does not declare a pointer to it. The host compiles with -fmad=false, so that no sum is contracted.
#define KERNEL extern "C" __global__
#define GLOBAL
#define LOCAL __shared__
#define BARRIER() __syncthreads()
#define UNROLL _Pragma("unroll")
#define GROUP(i) ((int) ((i) == 0 ? blockIdx.x : blockIdx.y))
#define ITEM() ((int) threadIdx.x)
#define GROUPS(i) ((int) ((i) == 0 ? gridDim.x : gridDim.y))
#define MINUS_INFINITY __int_as_float(0xff800000)
#define AS_INT(number) __float_as_int(number)
#define AS_FLOAT(bits) __uint_as_float(bits)
#define DEVICE static __device__ __forceinline__

// The f16 number at an index, as f32.
#define HALF(p, i) half_bits((p)[i])

#define restrict __restrict__
// 64 bits, also on Windows.
#define long long long

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;

// Returns c plus the products of four pairs of signed bytes.
#define DOT4(a, b, c) __dp4a((int) (a), (int) (b), c)

// Returns a / b, rounded to the nearest f32, as CUDA's division is.
#define DIVIDE(a, b) ((a) / (b))

DEVICE float half_bits(ushort bits) {
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
    return value;
}
