def ensure_cms_groups():
    raise NotImplementedError
