"""Several processes of one run, as `torchrun` starts them: own data each, gradients averaged."""

import os

import torch
import torch.distributed as dist


def usual_device():
    """This process' own GPU where there is one, else the CPU."""
    return f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if torch.cuda.is_available() else "cpu"


def start(device="cpu"):
    """Joins the group that torchrun describes, if any; this process' rank."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        dist.init_process_group("nccl" if str(device).startswith("cuda") else "gloo")
    return rank()


def rank():
    return dist.get_rank() if dist.is_initialized() else 0


def separate(seed):
    """Gives every process but the first a random state of its own; a seed of its own for its data."""
    own = seed + 7919 * rank()
    if rank():
        torch.manual_seed(own)
    return own


def average_gradients(parameters):
    """Replaces every gradient by its mean over the processes."""
    if not dist.is_initialized():
        return
    gradients = [p.grad for p in parameters if p.grad is not None]
    flat = torch.cat([g.flatten() for g in gradients])
    dist.all_reduce(flat)
    for g, mean in zip(gradients, (flat / dist.get_world_size()).split([g.numel() for g in gradients])):
        g.copy_(mean.view_as(g))


def finish():
    if dist.is_initialized():
        dist.destroy_process_group()
