// Takes a number and does nothing: what is left is the launch.
KERNEL void NAME(int number) {}
