// What NVRTC knows without a header and kernels use, for another compiler of CUDA C++ that has no header at hand.
#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __shared__ __attribute__((shared))
#define __forceinline__ inline __attribute__((always_inline))

struct __attribute__((aligned(16))) uint4 {
    unsigned int x, y, z, w;
};

struct __attribute__((aligned(8))) float2 {
    float x, y;
};

struct __attribute__((aligned(16))) float4 {
    float x, y, z, w;
};

struct place {
    int x, y;
};

static __device__ inline place item_of_group() {
    return {__nvvm_read_ptx_sreg_tid_x(), __nvvm_read_ptx_sreg_tid_y()};
}

static __device__ inline place group_of_grid() {
    return {__nvvm_read_ptx_sreg_ctaid_x(), __nvvm_read_ptx_sreg_ctaid_y()};
}

static __device__ inline place groups_of_grid() {
    return {__nvvm_read_ptx_sreg_nctaid_x(), __nvvm_read_ptx_sreg_nctaid_y()};
}

#define gridDim groups_of_grid()
#define threadIdx item_of_group()
#define blockIdx group_of_grid()

extern "C" __device__ float expf(float x);

static __device__ inline float exp(float x) { return expf(x); }
static __device__ inline float fabs(float x) { return __builtin_fabsf(x); }
static __device__ inline float fmin(float a, float b) { return __builtin_fminf(a, b); }
static __device__ inline float fmax(float a, float b) { return __builtin_fmaxf(a, b); }
static __device__ inline float rint(float x) { return __builtin_rintf(x); }
static __device__ inline int min(int a, int b) { return a < b ? a : b; }
static __device__ inline int max(int a, int b) { return a > b ? a : b; }
static __device__ inline float sqrt(float x) { return __nvvm_sqrt_rn_f(x); }
static __device__ inline float fma(float a, float b, float c) { return __nvvm_fma_rn_f(a, b, c); }
static __device__ inline float __uint_as_float(unsigned int bits) { return __builtin_bit_cast(float, bits); }
static __device__ inline float __int_as_float(int bits) { return __builtin_bit_cast(float, bits); }
static __device__ inline int __float_as_int(float value) { return __builtin_bit_cast(int, value); }
static __device__ inline int __dp4a(int a, int b, int c) {
    int sum;
    asm("dp4a.s32.s32 %0, %1, %2, %3;" : "=r"(sum) : "r"(a), "r"(b), "r"(c));
    return sum;
}

static __device__ inline float __shfl_xor_sync(unsigned int mask, float value, int distance) {
    return __nvvm_shfl_sync_bfly_f32(mask, value, distance, 31);
}

// NVRTC is told that functions without a word are the device's; so is this compiler, until the end of the text.
#pragma clang force_cuda_host_device begin
